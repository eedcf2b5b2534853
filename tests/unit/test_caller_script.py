"""The language of `carillon call --script`, and what becomes of a caller who follows one."""

from __future__ import annotations

import pytest

from carillon.client import ApiAway, ApiRefused
from carillon.softphone.call import CallState
from carillon.softphone.script import DEFAULT, Answer, Dtmf, Hangup, ScriptError, Wait, parse_script
from carillon.softphone.scripted import Ending, ScriptedCaller
from carillon.softphone.verdict import Judge
from carillon.softphone.waiting import Changes


def test_the_default_script_is_answer_ten_seconds_hang_up():
    assert parse_script(DEFAULT) == (Answer(), Wait(10), Hangup())


def test_steps_are_read_in_order_with_any_spaces():
    assert parse_script(" Answer , wait 2.5,dtmf 1#a ,, hangup") == (Answer(), Wait(2.5), Dtmf("1#A"), Hangup())


@pytest.mark.parametrize(
    "text", ["sing", "wait", "wait -1", "wait x", "wait inf", "wait nan", "dtmf", "dtmf 1x", "answer 3", "hangup now"]
)
def test_a_step_that_is_none_is_named(text):
    with pytest.raises(ScriptError, match=text.split()[0]):
        parse_script(f"answer,{text}")


class Line:
    """A call whose end comes when it is told."""

    def __init__(self):
        self.state, self.changes = CallState.UP, Changes()

    def end(self):
        self.state = CallState.ENDED
        self.changes.tell()

    async def wait(self, *states, timeout=10.0):
        await self.changes.until(lambda: self.state in states, timeout)


class Person:
    """A caller without SIP."""

    def __init__(self):
        self.call, self.pressed = Line(), ""

    @property
    def up(self):
        return self.call.state is CallState.UP

    async def press(self, digits):
        self.pressed += digits


class Api:
    """Says one thing after the other, the last one for ever; an exception is raised."""

    def __init__(self, *answers):
        self.answers, self.asked, self.then = list(answers), 0, lambda: None

    async def get(self, path, **_query):
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if len(self.answers) == 1:
            self.then()
        if isinstance(answer, Exception):
            raise answer
        return answer


def say(*, answered=False, ended=False, final=False):
    return {"answered": answered, "ended": ended, "final": final, "record": {"id": "c1"}}


UNKNOWN = ApiRefused("no_such_call", status=404)
AWAY = ApiAway("restarting")


async def play(script, api, *, longest=5.0, caller=None):
    caller = caller or Person()
    judge = Judge(api, "a@b", pause=0.001)
    return await ScriptedCaller(caller, judge, longest).play(parse_script(script)), caller


async def test_an_answered_call_ends_by_its_script():
    ending, caller = await play("answer,dtmf 12,wait 0.01", Api(UNKNOWN, say(), say(answered=True)))
    assert (ending, caller.pressed) == (Ending.BY_SCRIPT, "12")


async def test_the_instance_is_asked_again_while_api_and_core_are_away():
    api = Api(AWAY, ApiRefused("core_away", status=503), UNKNOWN, say(answered=True))
    ending, _caller = await play("answer", api)
    assert (ending, api.asked) == (Ending.BY_SCRIPT, 4)


async def test_a_caller_whom_nobody_answers_gives_up_after_his_patience():
    ending, _caller = await play("answer,wait 60", Api(say()), longest=0.05)
    assert ending is Ending.NEVER_ANSWERED


async def test_a_call_that_the_other_side_ends_early_was_cut_short():
    caller = Person()
    api = Api(say(answered=True))
    api.then = caller.call.end
    ending, _caller = await play("answer,wait 60", api, caller=caller)
    assert ending is Ending.CUT_SHORT


async def test_a_call_that_ends_before_an_answer_was_never_answered():
    caller = Person()
    api = Api(say(), say(ended=True))
    api.then = caller.call.end
    ending, _caller = await play("answer,wait 60", api, caller=caller)
    assert ending is Ending.NEVER_ANSWERED


async def test_a_caller_who_hangs_up_while_he_waits_was_never_answered():
    ending, _caller = await play("wait 0.01", Api(say()))
    assert ending is Ending.NEVER_ANSWERED


async def test_an_answer_during_a_wait_counts_without_an_answer_step():
    ending, _caller = await play("wait 0.01", Api(say(answered=True)))
    assert ending is Ending.BY_SCRIPT


async def test_a_call_that_the_switch_refused_asks_nobody():
    caller = Person()
    caller.call.end()
    api = Api(say())
    assert (await play("answer", api, caller=caller))[0] is Ending.NEVER_ANSWERED
    assert api.asked == 0


async def test_an_instance_that_stays_away_is_no_verdict(monkeypatch):
    monkeypatch.setattr("carillon.softphone.scripted.VERDICT_SECONDS", 0.02)
    monkeypatch.setattr("carillon.softphone.scripted.AWAY_SECONDS", 0.02)
    ending, _caller = await play("answer", Api(AWAY), longest=0.02)
    assert ending is Ending.UNKNOWN
