"""A believable trickle of callers: who calls, when, how long he talks, and when he gives up. Pure; chance comes in."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from carillon.softphone.script import Answer, Dtmf, Hangup, Step, Wait

NAMES = ("王小明", "李娜", "张伟", "陈静", "刘洋", "赵敏", "孙磊", "周婷", "John Miller", "Emma Brown", "")
LANGUAGES = (("", 6), ("1", 3), ("2", 1))  # the key pressed, and how often of ten
STRANGER = 0.25  # of all callers: no owner has the number
IMPATIENT = 0.08  # gives up while waiting
GREETING_SECONDS = 5.0
PATIENCE_SECONDS = 90.0
TALK_SHORTEST, TALK_USUAL, TALK_LONGEST = 12.0, 35.0, 120.0


@dataclass(frozen=True, slots=True)
class Visit:
    """One call to come: after `pause` seconds this person dials."""

    pause: float
    number: str
    name: str
    to: str
    steps: tuple[Step, ...]
    patience: float


class Trickle:
    """Callers without end, the same ones for the same seed."""

    def __init__(self, chance: random.Random, *, a_minute: float, known: Sequence[str], lines: Sequence[str]) -> None:
        self._chance, self._a_minute, self._known, self._lines = chance, a_minute, known, lines

    def next(self) -> Visit:
        """Arrivals are independent of each other: exponential gaps."""
        pause = self._chance.expovariate(self._a_minute / 60)
        stranger = not self._known or self._chance.random() < STRANGER
        number = self._stranger() if stranger else self._chance.choice(self._known)
        patience = self._chance.uniform(4, 15) if self._chance.random() < IMPATIENT else PATIENCE_SECONDS
        return Visit(pause, number, self._chance.choice(NAMES), self._chance.choice(self._lines), self._steps(), patience)

    def _stranger(self) -> str:
        return f"+86139{self._chance.randrange(10**8):08d}"

    def _steps(self) -> tuple[Step, ...]:
        talk = Wait(round(self._chance.triangular(TALK_SHORTEST, TALK_LONGEST, TALK_USUAL), 1))
        key = self._chance.choices([one for one, _often in LANGUAGES], [often for _one, often in LANGUAGES])[0]
        pressed: tuple[Step, ...] = (Wait(GREETING_SECONDS), Dtmf(key)) if key else ()
        return (*pressed, Answer(), talk, Hangup())
