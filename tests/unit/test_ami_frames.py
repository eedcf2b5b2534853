"""Whatever is put into an action becomes exactly one action with exactly these headers, or is refused."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from panoramisk.actions import Action as LibraryAction

from cti.ami import actions, frame
from cti.ports.telephony import InvalidValue, Place
from tests.unit.ami_peer import read_actions

NASTY = (
    "\r\n",
    "\n",
    "\r",
    "\0",
    "\r\n\r\nAction: Command\r\nCommand: core stop now",
    "${SHELL(id)}",
    ",",
    '"',
    "\\",
    "\x85",
    "\u2028",
)
TAME = ("cti-hold", "500", "w1", "PJSIP/w1", "fallback", "CTI_STATE", "&", "@trunk", ";", " ", "张")
PIECES = st.one_of(st.sampled_from(NASTY + TAME), st.text(max_size=12))
HOSTILE = st.lists(PIECES, max_size=4).map("".join)
MANY = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))

METHODS = {
    "redirect": lambda a, b, c: actions.redirect(a, Place(b, c), None),
    "redirect two": lambda a, b, c: actions.redirect(a, Place("cti-hold"), (b, Place(c))),
    "setvar": actions.set_variable,
    "bridge": lambda a, b, _: actions.bridge(a, b),
    "queue": lambda a, b, _: actions.queue_add(a, b),
    "originate": lambda a, b, c: actions.originate(
        channel_id=a, channel=f"PJSIP/{b}", to=Place("cti-out", c), variables={"CTI_CALL": b}, caller_id=c, timeout_ms=1
    ),
}


def sent(action) -> list[list[tuple[str, str]]]:
    """The frames that Asterisk would read."""
    frame.check(action)
    return read_actions(str(_Written(action)).encode())


class _Written(LibraryAction):  # type: ignore[misc]  # the library has no types
    """The library's own writing of an action, without its future (which needs a loop)."""

    def __init__(self, action) -> None:
        super(LibraryAction, self).__init__(dict(action))
        self["ActionID"] = "1"


def one_frame_or_refused(method: str, values: tuple[str, str, str]) -> bool:
    """True when it was sent: then as one frame with the headers that were meant."""
    try:
        action = METHODS[method](*values)
        frames = sent(action)
    except InvalidValue:
        return False
    assert len(frames) == 1
    wanted = [(name, value) for name, given in action.items() for value in ([given] if isinstance(given, str) else given)]
    assert sorted(frames[0]) == sorted([*wanted, ("ActionID", "1")])
    return True


@pytest.mark.parametrize("method", sorted(METHODS))
@MANY
@given(HOSTILE, HOSTILE, HOSTILE)
def test_hostile_values_make_one_frame_or_none(method, one, two, three):
    one_frame_or_refused(method, (one, two, three))


def test_ten_thousand_hostile_inputs_make_one_frame_or_none():
    rng = random.Random(20261122)  # noqa: S311  # the same inputs each time
    went = 0
    for number in range(10_000):
        values = tuple("".join(rng.choices(NASTY + TAME * 3, k=rng.randint(1, 2))) for _ in range(3))
        went += one_frame_or_refused(sorted(METHODS)[number % len(METHODS)], values)
    assert 100 < went < 5000, "the inputs are a mixture of what is sent and what is refused"


@MANY
@given(st.dictionaries(st.sampled_from(["Channel", "Value", "Exten", "Variable"]), HOSTILE, min_size=1))
def test_the_encoder_alone_lets_nothing_through_that_is_not_one_frame(headers):
    """Even without the patterns of the actions."""
    try:
        frames = sent({"Action": "Redirect", **headers})
    except InvalidValue:
        return
    assert len(frames) == 1
    assert {name for name, _ in frames[0]} == {"Action", "ActionID", *headers}


def test_the_longest_line_that_asterisk_reads_is_sent_and_one_more_byte_is_not():
    frame.check({"Action": "Setvar", "Value": "y" * (1024 - len("Value: \r\n"))})
    with pytest.raises(InvalidValue):
        frame.check({"Action": "Setvar", "Value": "y" * (1025 - len("Value: \r\n"))})


def test_no_action_carries_an_application():
    place = Place("cti-hold")
    made = [
        actions.redirect("1", place, ("2", place)),
        actions.bridge("1", "2"),
        actions.hangup("1", 16),
        actions.originate(channel_id="1", channel="PJSIP/w1", to=place, variables={}, caller_id="", timeout_ms=1),
        actions.set_variable("1", "CTI_STATE", "talk"),
        actions.mute_recording("1", on=True),
        actions.room_kick("r1", "PJSIP/w1-00000001"),
        actions.queue_add("fallback", "PJSIP/w1"),
    ]
    assert not {"Application", "Data", "Command"} & set(itertools.chain(*made))


FUNCTIONS = ["SHELL(id)", "FILE(/etc/passwd)", "DB(a/b)", "CURL(x)", "EVAL(x)", "ENV(PATH)", "REALTIME(a)", "GLOBAL(CTI_X)"]
MISNAMED = ["PATH", "CTI_", "CTI_a", "cti_CALL", "CTI_X=1", "CTI_X,Y", "__CTI_X", "CTI_" + "A" * 33]


@pytest.mark.parametrize("name", FUNCTIONS + MISNAMED)
def test_only_our_variables_are_written(name):
    with pytest.raises(InvalidValue):
        actions.set_variable(None, name, "x")


@pytest.mark.parametrize(
    "channel",
    [
        "Local/1@cti-out",
        "PJSIP/1900@other",
        "PJSIP/w1&PJSIP/w2",
        "PJSIP/w1/sip:x@y",
        "PJSIP/900,123@trunk",
        "DAHDI/1",
        "w1",
        "PJSIP/",
    ],
)
def test_only_our_two_forms_of_channel_are_dialled(channel):
    with pytest.raises(InvalidValue):
        actions.originate(channel_id="1", channel=channel, to=Place("cti-out"), variables={}, caller_id="", timeout_ms=1)


def test_an_originate_may_inherit_the_call_and_tell_the_page_why():
    variables = {"__CTI_CALL": "c1", "PJSIP_HEADER(add,X-CTI-Answer)": "dial"}
    action = actions.originate(
        channel_id="o1",
        channel="PJSIP/+8613800138000@trunk",
        to=Place("cti-out", "1"),
        variables=variables,
        caller_id="",
        timeout_ms=1,
    )
    assert action["Variable"] == ["__CTI_CALL=c1", "PJSIP_HEADER(add,X-CTI-Answer)=dial"]
