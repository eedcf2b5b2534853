"""Queue figures as sums of what happened: the one place that defines them.

service level   answered within T ÷ (answered + abandoned − short abandons); T and the treatment of abandons: options.py
abandon rate    abandoned ÷ (offered − callbacks promised)
ASA             waits of answered entries ÷ answered entries
"""

from routing.metrics.figures import QueueFigures
from routing.metrics.happenings import FlowOut, QueueHappening
from routing.metrics.options import AbandonsWithin, FigureOptions
from routing.metrics.spans import day_of

__all__ = ["AbandonsWithin", "FigureOptions", "FlowOut", "QueueFigures", "QueueHappening", "day_of"]
