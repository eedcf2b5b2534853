"""Recorded sessions of a real Asterisk become the port's events."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carillon.switch.render import AMI_EVENTS
from cti.ami.translate import CONNECTION_EVENTS, EVENTS, Translator, endpoint_of
from cti.calls.visible import visible
from cti.ports.telephony import (
    BridgeEntered,
    ContactChanged,
    DialBegan,
    HungUp,
    MusicStarted,
    OriginateEnded,
    UserEvent,
)

TRANSCRIPTS = Path(__file__).parent.parent / "transcripts"
HEADERS = [
    *("Timestamp", "Channel", "Uniqueid", "Linkedid", "ChanVariable", "Cause"),
    *("UserEvent", "CTIName", "Context", "DestChannel"),
]
NOW = datetime(2026, 11, 22, tzinfo=UTC)


class Clock:
    def now(self) -> datetime:
        return NOW

    def monotonic(self) -> float:
        return 0.0


def blocks(name: str) -> list[bytes]:
    return (TRANSCRIPTS / name).read_bytes().split(b"\r\n\r\n")[:-1]


def told(name: str):
    translator = Translator(Clock())
    return [fact for block in blocks(name) if (fact := translator.translate(block)) is not None]


def one(*lines: str):
    return Translator(Clock()).translate("\r\n".join(lines).encode())


def test_the_story_of_a_recorded_call():
    story = [fact.name if isinstance(fact, UserEvent) else type(fact).__name__ for fact in told("inbound_call.txt")]
    assert story[:12] == [
        "ChannelCreated",
        "CTIArrived",
        "CTIFallback",
        "QueueJoined",
        "CTIHold",
        "MusicStarted",
        "ChannelCreated",
        "DialBegan",
        "DialEnded",
        "BridgeEntered",
        "BridgeEntered",
        "BridgeLeft",
    ]


def test_what_a_caller_brought_is_decoded():
    arrived = next(fact for fact in told("inbound_call.txt") if isinstance(fact, UserEvent) and fact.name == "CTIArrived")
    assert (arrived.values["name"], arrived.values["ani"]) == ("张三 <b>", "+8613800138000")
    assert arrived.call == arrived.values["call"] != ""
    assert arrived.at.tzinfo is UTC


def test_only_the_hold_loops_music_says_that_a_redirect_is_safe():
    """Dial's and the queue's own music are in the transcript too."""
    assert sum(isinstance(fact, MusicStarted) for fact in told("inbound_call.txt")) == 2
    assert sum(b"Event: MusicOnHoldStart" in block for block in blocks("inbound_call.txt")) == 6


@pytest.mark.parametrize(
    ("context", "music", "arrived"), [("cti-hold", "hold", True), ("cti-hold", "default", False), ("cti-ring", "hold", False)]
)
def test_a_rooms_music_for_one_who_is_being_redirected_to_hold_is_not_his_arrival(context, music, arrived):
    """The last agent leaves the room: it starts its music for the caller, whose context is the Redirect's already."""
    fact = one("Event: MusicOnHoldStart", "Channel: PJSIP/trunk-1", f"Context: {context}", "Uniqueid: 1", f"Class: {music}")
    assert isinstance(fact, MusicStarted) is arrived


def test_a_dial_knows_both_legs_and_an_originate_has_no_calling_one():
    dials = [fact for fact in told("inbound_call.txt") if isinstance(fact, DialBegan)]
    assert (dials[0].dest_endpoint, dials[0].uniqueid != "", dials[0].dest != "") == ("hw1", True, True)
    own = next(dial for dial in dials if dial.dest == "own-1")
    assert (own.uniqueid, own.call) == ("", "c-1")


def test_an_originates_end_carries_its_call():
    ended = next(fact for fact in told("inbound_call.txt") if isinstance(fact, OriginateEnded))
    assert (ended.uniqueid, ended.ok, ended.reason, ended.call) == ("own-1", True, 4, "c-1")


def test_a_refused_leg_has_its_sip_code():
    hung = one("Event: Hangup", "Channel: PJSIP/w1-00000001", "Uniqueid: 1", "Cause: 17", "TechCause: SIP 486 Busy Here")
    assert isinstance(hung, HungUp)
    assert (hung.cause, hung.tech_cause) == (17, "486")


@pytest.mark.parametrize(
    ("status", "reachable"), [("NonQualified", True), ("Reachable", True), ("Removed", False), ("Unreachable", False)]
)
def test_a_contacts_status(status, reachable):
    fact = one("Event: ContactStatus", "URI: sip:w1@x", f"ContactStatus: {status}", "AOR: w1", "EndpointName: w1")
    assert fact == ContactChanged(NOW, "", "", "w1", reachable)


def test_a_foreign_user_event_is_nobodys():
    assert one("Event: UserEvent", "Uniqueid: 1", "UserEvent: Other", "CTICall: x") is None


def test_the_ghost_of_a_failed_originate_is_nobodys():
    assert one("Event: UserEvent", "Channel: OutgoingSpoolFailed", "Uniqueid: 1", "UserEvent: CTIAgentHold", "CTICall: x") is None


def test_an_event_without_a_time_is_now():
    fact = one("Event: Hangup", "Channel: PJSIP/w1-00000001", "Uniqueid: 1")
    assert fact is not None
    assert fact.at == NOW


def test_a_value_cannot_pose_as_a_header():
    fact = one("Event: Hangup", "CallerIDName: Uniqueid: 99", "Channel: PJSIP/w1-00000001", "Uniqueid: 1", "Cause: x")
    assert isinstance(fact, HungUp)
    assert (fact.uniqueid, fact.cause) == ("1", 0)


def test_control_characters_of_a_caller_are_visible_in_the_fact():
    fact = one("Event: UserEvent", "Uniqueid: 1", "UserEvent: CTIArrived", "CTICall: c", "CTIName: a%0D%0Ab%00%7F%E2%80%AEc")
    assert isinstance(fact, UserEvent)
    assert fact.values["name"] == "a␍␊b␀␡⟨U+202E⟩c"


def test_bytes_that_are_no_text_never_stop_the_translation():
    block = b"Event: UserEvent\r\nUniqueid: 1\r\nUserEvent: CTIArrived\r\nCTIName: %FF%FE\r\nCTIAni: \xff\xfe"
    fact = Translator(Clock()).translate(block)
    assert isinstance(fact, UserEvent)
    assert fact.values["name"] == fact.values["ani"] == "\ufffd\ufffd"


def test_plain_text_is_left_as_it_is():
    for text in ("", "张三 <b>'); DROP TABLE--", "a\\x0d", "é +86"):
        assert visible(text) == text


def test_an_end_points_name_may_hold_dashes():
    assert endpoint_of("PJSIP/w1-a-b-0000001f") == "w1-a-b"


def test_the_switch_sends_every_event_that_is_translated():
    assert {name.decode() for name in {*EVENTS, *CONNECTION_EVENTS}} <= set(AMI_EVENTS)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(sorted(EVENTS)), st.lists(st.tuples(st.sampled_from(HEADERS), st.text(max_size=20)), max_size=12))
def test_no_headers_in_any_order_stop_the_translation(name, headers):
    lines = [b"Event: " + name, *(f"{header}: {value}".encode("utf-8", "replace") for header, value in headers)]
    Translator(Clock()).translate(b"\r\n".join(lines))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_stop_the_translation(data):
    for name in (b"Hangup", b"UserEvent", b"DialBegin"):
        Translator(Clock()).translate(b"Event: " + name + b"\r\n" + data)


def test_an_event_in_another_order_is_read_as_right():
    lines = ["Event: BridgeEnter", "Uniqueid: 1", "Channel: PJSIP/w1-00000001", "ChanVariable: CTI_CALL=c", "BridgeUniqueid: b"]
    assert one(*lines) == BridgeEntered(NOW, "c", "1", "b", "w1")


def test_another_channel_variable_before_ours_does_not_hide_the_call():
    lines = ["Channel: PJSIP/w1-00000001", "Uniqueid: 1", "Linkedid: 1", "ChanVariable: OTHER=x", "ChanVariable: CTI_CALL=c"]
    fact = one("Event: HangupRequest", "Timestamp: 1795310277.4", *lines)
    assert fact is not None
    assert fact.call == "c"
