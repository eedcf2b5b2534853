"""The flow that callers of 4001 hear."""

from __future__ import annotations

import shutil
import wave
from pathlib import Path

import pytest
import yaml

from carillon.switch import prompts as spoken
from ivr.actions import Collect, Enqueue, Play, SetLanguage
from ivr.house import read_ivr
from ivr.inputs import Digits, Gone, Input, Played, Timeout
from ivr.interpreter import start, step
from ivr.timing import silent_seconds

FLOWS = Path(__file__).parents[2] / "ivr" / "flows"
FILES = {path.name: path.read_text() for path in FLOWS.glob("*.yaml")}
QUEUES = ["repairs", "enquiries", "complaints"]
NAMES = {name for _, name in spoken.texts()}


def dial(*given: Input, dnis: str = "4001"):
    """All actions and nodes passed, from the answer on."""
    flow, facts, _ = read_ivr(FILES, QUEUES, NAMES).for_number(dnis)
    now = start(flow, facts)
    actions, passed = list(now.actions), list(now.passed)
    for each in given:
        now = step(flow, now.state, each)
        actions += now.actions
        passed += now.passed
    return actions, [(each.node, each.outcome) for each in passed]


QUIET = Played()
TO_LANGUAGE = [QUIET, QUIET]


def test_the_recording_notice_comes_first_and_cannot_be_skipped():
    actions, _ = dial()
    assert actions == [Play("notice", "zh", "")]


def test_a_caller_who_presses_nothing_is_in_the_default_queue():
    actions, passed = dial(*TO_LANGUAGE, QUIET, QUIET, Timeout(), QUIET, Timeout())
    assert actions[-1] == Enqueue("repairs", "zh", 0, frozenset({"repairs", "zh"}))
    assert passed == [
        ("notice", "played"),
        ("greeting", "played"),
        ("choose-language", "timeout"),
        ("choose-queue", "timeout"),
        ("default", "repairs"),
    ]


def test_the_languages_are_offered_each_in_itself():
    actions, _ = dial(*TO_LANGUAGE, QUIET, QUIET)
    assert [(a.prompt, a.language) for a in actions[2:4]] == [("choose-language", "en"), ("choose-language", "zh")]
    assert isinstance(actions[-1], Collect)


def test_two_is_english_for_all_that_follows():
    actions, _ = dial(*TO_LANGUAGE, Played("2"), Played("3"))
    assert actions[-3:-1] == [SetLanguage("en"), Play("choose-queue", "en", "0123456789*#")]
    assert actions[-1] == Enqueue("complaints", "en", 0, frozenset({"complaints", "en"}))


def test_one_is_chinese():
    actions, _ = dial(*TO_LANGUAGE, QUIET, QUIET, Digits("1"))
    assert actions[-2] == SetLanguage("zh")


@pytest.mark.parametrize(("key", "queue"), [("1", "repairs"), ("2", "enquiries"), ("3", "complaints")])
def test_a_key_chooses_the_queue(key, queue):
    actions, _ = dial(*TO_LANGUAGE, Played("1"), Played(key))
    assert actions[-1].queue == queue


def test_who_knows_the_way_presses_during_the_greeting():
    actions, passed = dial(QUIET, Played("2"), Played("1"))
    assert actions[-1] == Enqueue("repairs", "en", 0, frozenset({"repairs", "en"}))
    assert ("greeting", "interrupted") in passed


def test_a_wrong_key_is_told_once_then_the_default_is_taken():
    actions, passed = dial(*TO_LANGUAGE, Played("1"), Played("9"), Played("8"))
    assert Play("invalid", "zh", "0123456789*#") in actions
    assert actions[-1].queue == "repairs"
    assert ("choose-queue", "invalid") in passed


def test_after_a_wrong_key_the_menu_is_said_again():
    actions, _ = dial(*TO_LANGUAGE, Played("1"), Played("9"), QUIET)
    assert actions[-1] == Play("choose-queue", "zh", "0123456789*#")


def test_a_caller_who_hangs_up_ends_the_flow():
    actions, passed = dial(QUIET, Gone(), Played("1"))
    assert len(actions) == 2
    assert passed[-1] == ("greeting", "gone")


@pytest.mark.parametrize(("dnis", "queue"), [("4002", "enquiries"), ("4003", "complaints"), ("999", "repairs"), ("", "repairs")])
def test_every_number_has_a_default_queue(dnis, queue):
    actions, _ = dial(*TO_LANGUAGE, QUIET, QUIET, Timeout(), QUIET, Timeout(), dnis=dnis)
    assert actions[-1].queue == queue


@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="espeak-ng speaks the prompts whose length is measured")
def test_without_a_key_a_caller_is_in_his_queue_within_twelve_seconds(tmp_path):
    voices = yaml.safe_load(spoken.SOURCE.read_text())["voices"]

    def length(prompt: str, language: str) -> float:
        file = tmp_path / f"{language}-{prompt}.wav"
        spoken._speak(spoken.texts()[language, prompt], spoken.Voice(**voices[language]), file.with_suffix(".tmp"))
        with wave.open(str(file.with_suffix(".tmp"))) as sound:
            return sound.getnframes() / sound.getframerate()

    flow, facts, _ = read_ivr(FILES, QUEUES, NAMES).for_number("4001")
    assert silent_seconds(flow, length, facts) < 11  # the rest is the channel's: a few tens of milliseconds an action
