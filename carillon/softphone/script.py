"""What a caller does, step by step: `answer,wait 20,dtmf 1,hangup`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from carillon.softphone.dtmf import DIGITS

DEFAULT = "answer,wait 10,hangup"
LONGEST_WAIT = 24 * 3600


class ScriptError(ValueError):
    """A step that is not in the language; the message says which and what there is."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Wait for an agent to answer."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Stay on the line."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Dtmf:
    """Press keys."""

    digits: str


@dataclass(frozen=True, slots=True)
class Hangup:
    """Hang up; what follows is not done."""


Step = Answer | Wait | Dtmf | Hangup
_STEP = re.compile(r"(?P<verb>[a-z]+)(?:\s+(?P<argument>\S+))?")


def parse_script(text: str) -> tuple[Step, ...]:
    """Raise ScriptError for the first step that is not understood."""
    return tuple(_step(part.strip()) for part in text.split(",") if part.strip())


def _step(text: str) -> Step:
    match = _STEP.fullmatch(text.lower())
    verb, argument = (match["verb"], match["argument"]) if match else ("", None)
    if verb == "answer" and argument is None:
        return Answer()
    if verb == "hangup" and argument is None:
        return Hangup()
    if verb == "wait" and argument is not None:
        return Wait(_seconds(text, argument))
    if verb == "dtmf" and argument is not None and all(digit in DIGITS for digit in argument.upper()):
        return Dtmf(argument.upper())
    raise ScriptError(f"`{text}` is not a step; a script is made of: answer, wait SECONDS, dtmf DIGITS, hangup")


def _seconds(text: str, argument: str) -> float:
    try:
        seconds = float(argument)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= LONGEST_WAIT:
        raise ScriptError(f"`{text}`: give seconds from 0 to {LONGEST_WAIT}")
    return seconds
