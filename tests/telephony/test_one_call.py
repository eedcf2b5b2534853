"""One real call, end to end, by the command line alone: caller, IVR, hold, routing, software agent, record and sound."""

from __future__ import annotations

import signal
import wave
from datetime import datetime
from pathlib import Path

import orjson
import pytest

from carillon.softphone.sound import agent_frequency, tone
from cti.calls.visible import visible
from tests.support.ears import read_recording
from tests.support.instance import Instance, instance  # noqa: F401 - a fixture
from tests.support.stalls import stalled  # noqa: F401 - a fixture

pytestmark = [pytest.mark.telephony, pytest.mark.timeout(300)]
CALLER_TONE = 600
AGENT = "agent1024"
THERE = "wait 2.4,dtmf 1,wait 0.5,dtmf 1"  # by keys, where the IVR is not the matter; the notice cannot be skipped
AGENT_TONE = agent_frequency("1024")
TONES = (CALLER_TONE, AGENT_TONE)


@pytest.fixture
def voice(tmp_path) -> Path:
    """What the caller says, as a file."""
    path = tmp_path / "caller.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(tone(CALLER_TONE))
    return path


def record_of(on: Instance, *options: str) -> dict:
    done = on.carillon("call", "--wait", "--max", "60", *options)
    assert done.returncode == 0, done.stderr
    return orjson.loads(done.stdout)


def test_a_call_is_answered_recorded_on_two_channels_and_written_down(instance, voice):  # noqa: F811
    with instance.agent(AGENT):
        record = record_of(instance, "--name", "王小明", "--audio", str(voice), "--script", "answer,wait 8")
    assert record["from"] == "+8613800138000"
    assert (record["from_name"], record["to"], record["queue"]) == ("王小明", "4001", "repairs")
    assert (record["agent"], record["ended_by"]) == ("agt-1024", "caller")
    at = {fact["kind"]: fact["at"] for fact in record["facts"]}
    assert abs(record["talk_s"] - seconds_between(at["call.answered"], at["call.ended"])) < 0.1
    assert record["talk_s"] > 3.5
    sound = read_recording(Path(record["recording"]["file"]))
    assert (len(sound.channels), record["recording"]["channels"]) == (2, 2)
    assert abs(sound.seconds - record["recording"]["seconds"]) < 0.2
    caller_said, caller_heard = 0, 1
    assert sound.tone_seconds(caller_said, CALLER_TONE, TONES) > 3
    assert sound.tone_seconds(caller_heard, AGENT_TONE, TONES) > 3
    assert sound.tone_seconds(caller_said, AGENT_TONE, TONES) < 0.2
    assert sound.tone_seconds(caller_heard, CALLER_TONE, TONES) < 0.2


def test_an_agent_on_plain_rtp_takes_calls_too(instance, voice):  # noqa: F811
    with instance.agent(AGENT, "--plain"):
        record = record_of(instance, "--audio", str(voice), "--script", f"{THERE},answer,wait 2")
    assert (record["agent"], record["ended_by"]) == ("agt-1024", "caller")
    assert read_recording(Path(record["recording"]["file"])).tone_seconds(0, CALLER_TONE, TONES) > 1.5


def test_the_page_acknowledged_before_the_ring(instance):  # noqa: F811
    with instance.agent(AGENT):
        facts = record_of(instance, "--script", f"{THERE},answer,wait 1")["facts"]
    at = {fact["kind"]: fact["at"] for fact in facts}
    assert at["offer.made"] <= at["offer.acknowledged"] <= at["ring.requested"] <= at["call.answered"]


def test_without_a_key_the_caller_is_in_the_default_queue_within_12_seconds(instance, stalled):  # noqa: F811
    instance.carillon("call", "--from", "+8613800138055", "--script", "wait 14,hangup")
    record = last_calls(instance, 1)[0]
    assert (record["from"], record["queue"]) == ("+8613800138055", "repairs")
    at = {fact["kind"]: fact["at"] for fact in record["facts"]}
    assert seconds_between(at["call.arrived"], at["call.queued"]) - stalled.seconds <= 12


def test_the_agent_wraps_up_within_5_seconds_and_is_ready_for_the_next_caller(instance, stalled):  # noqa: F811
    with instance.agent(AGENT):
        record = record_of(instance, "--script", f"{THERE},answer,wait 1")
        instance.wait(lambda: any(fact["kind"] == "call.disposed" for fact in last_calls(instance, 1)[0]["facts"]), 10)
        facts = {fact["kind"]: fact["at"] for fact in last_calls(instance, 1)[0]["facts"]}
        assert seconds_between(facts["call.ended"], facts["call.disposed"]) - stalled.seconds <= 5
        assert record_of(instance, "--script", f"{THERE},answer,wait 1")["id"] != record["id"]


def test_a_caller_cut_short_by_the_agent_exits_with_3(instance):  # noqa: F811
    with instance.agent(AGENT, "--talk", "1"):
        done = instance.carillon("call", "--script", f"{THERE},answer,wait 40")
    assert done.returncode == 3, done.stderr
    instance.wait(lambda: last_calls(instance, 1)[0]["ended_by"] == "agent", 10)  # the record follows the caller's BYE


def test_a_caller_whom_nobody_answers_exits_with_2(instance):  # noqa: F811
    done = instance.carillon("call", "--max", "3")
    assert done.returncode == 2, done.stderr
    assert orjson.loads(done.stdout)["answered"] is False


@pytest.mark.parametrize(
    "options",
    [("--script", "sing"), ("--audio", "/no/such.wav"), ("--name", "a\r\nX: 1"), ("--to", ""), ("--from", "1\n2")],
    ids=["script", "audio", "name", "to", "from"],
)
def test_a_wrong_order_exits_with_1_and_one_sentence(instance, options):  # noqa: F811
    done = instance.carillon("call", *options)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)


@pytest.mark.parametrize("name", ["Robert'); DROP TABLE owners;--", "<script>alert(1)</script>", 'O"Neil \\ x', "\x1b[31mred"])
def test_a_hostile_name_costs_nobody_his_call_and_is_kept_as_it_came(instance, name):  # noqa: F811
    with instance.agent(AGENT):
        record = record_of(instance, "--name", name, "--script", f"{THERE},answer,wait 1")
    assert record["from_name"] == visible(name)


def test_the_last_calls_come_newest_first_as_json_alone(instance):  # noqa: F811
    calls = last_calls(instance, 3)
    assert calls[0]["facts"][0]["kind"].startswith("call.")
    assert [one["started_at"] for one in calls] == sorted((one["started_at"] for one in calls), reverse=True)
    wanted = {"id", "direction", "from", "from_name", "to", "queue", "agent", "wait_s", "talk_s", "ended_by", "owner", "ticket"}
    assert wanted | {"recording", "facts"} <= set(calls[0])


def test_the_agent_comes_back_after_the_api_was_killed(instance):  # noqa: F811
    with instance.agent(AGENT):
        instance.kill("api")
        assert record_of(instance, "--script", f"{THERE},answer,wait 2")["agent"] == "agt-1024"


def test_a_call_is_answered_while_the_core_is_killed_and_its_caller_learns_it(instance):  # noqa: F811
    with instance.agent(AGENT), instance.start("call", "--script", "answer,wait 3", "--max", "60") as caller:
        instance.wait(lambda: has_a_call(instance), 10)
        instance.kill("core")
        assert caller.wait(80) == 0


def test_doctor_says_yes_and_then_no_when_the_core_hangs(instance):  # noqa: F811
    instance.wait_ready("core")
    instance.wait(lambda: instance.carillon("doctor").returncode == 0, 20)
    report = orjson.loads(instance.carillon("doctor", "--json").stdout)
    assert report["ok"] is True
    assert report["pids"]["core"] == instance.pid("core")
    assert report["addresses"]["sip_trunk_from"] == "127.0.0.2"
    assert any(check["code"] == "nobody_logged_in" and check["ok"] for check in report["checks"])
    instance.kill("core", signal.SIGSTOP)
    done = instance.carillon("doctor", timeout=10)
    assert done.returncode == 1
    assert "FastAGI" in done.stdout


def last_calls(on: Instance, count: int) -> list[dict]:
    done = on.carillon("calls", "--last", str(count), "--json")
    assert done.returncode == 0, done.stderr
    return orjson.loads(done.stdout)


def has_a_call(on: Instance) -> bool:
    """The channel log's last line is not an end."""
    lines = [
        line for file in on.settings.switch_dir.glob("cdr/cel.csv") for line in file.read_text(errors="replace").splitlines()
    ]
    return bool(lines) and "LINKEDID_END" not in lines[-1]


def seconds_between(first: str, second: str) -> float:
    return (datetime.fromisoformat(second) - datetime.fromisoformat(first)).total_seconds()


def test_the_demo_keeps_callers_coming_and_agents_answering(instance):  # noqa: F811
    before = {call["id"] for call in last_calls(instance, 50)}
    with instance.start("demo", "--agents", "2", "--calls-per-minute", "60", "--seed", "1") as demo:
        assert demo.stdout is not None
        first = orjson.loads(demo.stdout.readline())
        assert set(first) == {"from", "name", "to", "ending"}

        def answered() -> bool:
            done = instance.carillon("calls", "--last", "50", "--json")
            calls = orjson.loads(done.stdout) if done.returncode == 0 else []
            return any(call["agent"] and call["talk_s"] > 0 for call in calls if call["id"] not in before)

        instance.wait(answered, 60)
