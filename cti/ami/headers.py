"""Reading headers out of an event's text. Every line of the text ends with CR LF, which no value can hold."""

from __future__ import annotations

import re
from collections.abc import Sequence

LEG = "(leg)"  # stands for two values: Uniqueid, and CTI_CALL of its channel variables (manager.conf: channelvars)

_SKIP = r"(?:.*\n)*?"  # as few whole lines as possible
_LEG_PATTERN = (
    r"Uniqueid: ([^\r]*)\r\nLinkedid: [^\r]*\r\n"
    r"(?:ChanVariable: (?!CTI_CALL=)[^\r]*\r\n)*(?:ChanVariable: CTI_CALL=([^\r]*)\r\n)?"
)
_LEG_MARKS = ("\r\nUniqueid: ", "\r\nChanVariable: CTI_CALL=")


def header(text: str, mark: str) -> str:
    """What follows `mark` (CR LF, name, colon, space) to the end of its line; '' when it is not there. The first one counts:
    a UserEvent's own keys come last."""
    start = text.find(mark)
    if start < 0:
        return ""
    start += len(mark)
    return text[start : text.find("\r\n", start)]


class Shape:
    """Headers in the order that Asterisk writes them, read in one pass over the lines: half the time of a search for each.

    `search(text).groups("")` are their values. An event in another order, or without one of them, is not found: then
    `one_by_one` is slower, and as right.
    """

    def __init__(self, *names: str) -> None:
        parts = (_LEG_PATTERN if name is LEG else rf"{name}: ([^\r]*)\r\n" for name in names)
        self.search = re.compile(r"\r\n" + _SKIP.join(parts)).search
        self._marks = [mark for name in names for mark in (_LEG_MARKS if name is LEG else (f"\r\n{name}: ",))]

    def one_by_one(self, text: str) -> Sequence[str]:
        """Where `search` finds nothing: the values, '' for what is not there."""
        return [header(text, mark) for mark in self._marks]
