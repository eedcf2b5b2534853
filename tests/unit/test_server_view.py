"""What each role may see of the core's entities: the pure part of the stream's policy."""

from __future__ import annotations

import pytest

from agent_console.server.actor import Actor
from agent_console.server.auth import is_loopback
from agent_console.server.view import House, Shape, masked, shape, shown
from crm_core.people.service import Role


def actor(role: Role, team: str | None = "t1", agent: str = "") -> Actor:
    return Actor("u", "login", "Name", role, team, "zh", False, agent, "", "s", "cookie")


HOUSE = House(
    {"agent": {"agt-1": {"id": "agt-1", "team": "t1", "call": "c-own"}, "agt-2": {"id": "agt-2", "team": "t2", "call": None}}},
    {"repairs": "t1", "payments": "t2", "general": None},
)
CALL = {"id": "c", "direction": "in", "from": "+8613800138000", "from_raw": "013800138000", "from_name": "李", "to": "4001"}


def call(**more):
    return CALL | {"agent": "", "engineer": "", "consult": None, "queue": ""} | more


@pytest.mark.parametrize(
    ("who", "value", "expected"),
    [
        (actor(Role.AGENT, agent="agt-1"), call(agent="agt-1"), Shape.WHOLE),
        (actor(Role.AGENT, agent="agt-1"), call(agent="agt-2"), Shape.NONE),
        (actor(Role.AGENT, agent="agt-1"), call(id="c-own", agent="agt-2"), Shape.WHOLE),
        (actor(Role.AGENT, agent="agt-1"), call(consult={"engineer": "agt-1"}), Shape.WHOLE),
        (actor(Role.AGENT, agent=""), call(agent=""), Shape.NONE),
        (actor(Role.HOTLINE_ENGINEER, agent="agt-1"), call(agent="agt-2", consult={"engineer": "agt-9"}), Shape.WHOLE),
        (actor(Role.HOTLINE_ENGINEER, agent="agt-1"), call(agent="agt-2"), Shape.NONE),
        (actor(Role.SUPERVISOR), call(agent="agt-1", queue="payments"), Shape.WHOLE),
        (actor(Role.SUPERVISOR), call(agent="agt-2", queue="repairs"), Shape.NONE),
        (actor(Role.SUPERVISOR), call(queue="repairs"), Shape.WHOLE),
        (actor(Role.SUPERVISOR), call(queue="payments"), Shape.NONE),
        (actor(Role.SUPERVISOR), call(queue="general"), Shape.WHOLE),
        (actor(Role.SUPERVISOR), call(), Shape.WHOLE),
        (actor(Role.COORDINATOR), call(queue="repairs"), Shape.MASKED),
        (actor(Role.COORDINATOR), call(queue="payments"), Shape.NONE),
        (actor(Role.ADMIN), call(queue="repairs"), Shape.NONE),
        (actor(Role.FIELD_ENGINEER), call(queue="repairs"), Shape.NONE),
    ],
)
def test_who_sees_which_call(who, value, expected):
    assert shape(who, "call", value, HOUSE) is expected


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (actor(Role.AGENT, agent="agt-1"), Shape.WHOLE),
        (actor(Role.AGENT, agent="agt-2"), Shape.PRESENCE),
        (actor(Role.SUPERVISOR, "t1"), Shape.WHOLE),
        (actor(Role.SUPERVISOR, "t2"), Shape.PRESENCE),
        (actor(Role.SUPERVISOR, None), Shape.PRESENCE),
        (actor(Role.COORDINATOR, "t1"), Shape.WHOLE),
        (actor(Role.ADMIN), Shape.PRESENCE),
        (actor(Role.FIELD_ENGINEER), Shape.NONE),
    ],
)
def test_who_sees_how_much_of_an_agent(who, expected):
    assert shape(who, "agent", HOUSE.of("agent")["agt-1"], HOUSE) is expected


@pytest.mark.parametrize("role", list(Role))
def test_a_kind_that_nobody_thought_of_is_shown_to_nobody(role):
    assert shape(actor(role), "secret", {"id": "x"}, HOUSE) is Shape.NONE


def test_presence_has_no_call():
    value = {"id": "agt-2", "state": "ON_CALL", "call": "c-1", "next": {"state": "AUX"}, "wrap_up_until": "later"}
    assert shown(value, Shape.PRESENCE) == {"id": "agt-2", "state": "ON_CALL", "call": None, "next": None, "wrap_up_until": None}


def test_a_masked_call_has_four_digits_no_name_and_its_dialled_service_number():
    seen = shown(call(), Shape.MASKED)
    assert (seen["from"], seen["from_raw"], seen["from_name"], seen["to"]) == ("****8000", "****8000", "", "4001")
    assert shown(call(direction="out", to="+8613900139000"), Shape.MASKED)["to"] == "****9000"


def test_a_short_number_is_hidden_whole():
    assert [masked("110"), masked(""), masked(None), masked("12345")] == ["****", "", "", "****2345"]


def test_loopback_is_recognised_in_every_spelling():
    assert [is_loopback(a) for a in ("127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1")] == [True] * 4
    assert [is_loopback(a) for a in ("10.0.0.1", "::ffff:10.0.0.1", "", "localhost", "127.0.0.1.evil")] == [False] * 5
