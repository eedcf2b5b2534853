"""A lost datagram costs a retransmission: SIP transactions on an own small wire with a patient clock."""

from __future__ import annotations

import asyncio

import pytest

from carillon.softphone import transactions
from carillon.softphone.call import CallState, NoMedia, SipCall
from carillon.softphone.endpoint import SipEndpoint
from carillon.softphone.sdp import plain_audio
from carillon.softphone.sip import Request, parse
from carillon.softphone.waiting import Changes


class Wire:
    """One direction between two end points; `lose` says which messages are lost, by number or by the first of a method."""

    reliable = False

    def __init__(self, name):
        self.via, self.host = f"UDP {name}:5060", f"{name}:5060"
        self.other, self.sent, self.lose, self.changes = None, [], set(), None

    def send(self, message):
        self.sent.append(parse(message))
        if not self._is_lost() and self.other is not None:
            asyncio.get_running_loop().call_soon(self.other.receive, message)
        asyncio.get_running_loop().call_soon(asyncio.get_running_loop().call_soon, self.changes.tell)

    def _is_lost(self):
        said = self.said
        return len(said) in self.lose or (said[-1] in self.lose and said.count(said[-1]) == 1)

    def close(self):
        self.other = None

    @property
    def said(self):
        return [one.method if isinstance(one, Request) else one.code for one in self.sent]


class Pair:
    """A caller and a called end point, joined by two wires."""

    def __init__(self):
        self.there_calls, self.changes = [], Changes()
        self.here, self.there = SipEndpoint(), SipEndpoint(self._invited)
        self.out, self.back = Wire("a"), Wire("b")
        self.out.other, self.back.other = self.there, self.here
        self.out.changes = self.back.changes = self.changes
        self.here.attach(self.out)
        self.there.attach(self.back)
        self.call = SipCall(self.here, local="<sip:a@a>", media=NoMedia())

    def _invited(self, transaction):
        call = SipCall(self.there, local=transaction.request.get("To"), media=NoMedia())
        call.incoming(transaction)
        self.there_calls.append(call)

    async def up(self):
        self.call.invite("sip:b@b", plain_audio("127.0.0.1", 4000))
        await self.until(lambda: self.there_calls)
        self.there_calls[0].answer(plain_audio("127.0.0.1", 4002))
        await self.call.wait(CallState.UP)
        return self.there_calls[0]

    async def until(self, condition):
        await self.changes.until(condition, 5)

    def close(self):
        self.here.close()
        self.there.close()


@pytest.fixture
async def pair(monkeypatch):
    for name, seconds in {"T1": 0.02, "T2": 0.16, "GIVE_UP": 0.64}.items():
        monkeypatch.setattr(transactions, name, seconds)
    pair = Pair()
    yield pair
    pair.close()


async def test_a_lost_invite_is_sent_again(pair):
    pair.out.lose = {1, 2}
    await pair.up()
    assert pair.out.said[:3] == ["INVITE", "INVITE", "INVITE"]


async def test_an_invite_without_any_answer_ends_as_408(pair):
    pair.out.other = None
    pair.call.invite("sip:b@b", "")
    await pair.call.wait(CallState.ENDED)
    assert (pair.call.code, pair.call.ended_by) == (408, "remote")


async def test_a_provisional_answer_stops_the_retransmission(pair):
    pair.call.invite("sip:b@b", "")
    await pair.until(lambda: pair.there_calls)
    pair.there_calls[0].ring()
    await pair.call.wait(CallState.RINGING)
    sent = len(pair.out.sent)
    await asyncio.sleep(0.1)
    assert len(pair.out.sent) == sent


async def test_a_lost_200_comes_again_and_is_acknowledged(pair):
    pair.back.lose = {1}
    await pair.up()
    await pair.until(lambda: "ACK" in pair.out.said)
    assert pair.back.said[:2] == [200, 200]


async def test_a_lost_ack_is_sent_again_for_the_next_200(pair):
    pair.out.lose = {"ACK"}
    await pair.up()
    await pair.until(lambda: pair.out.said.count("ACK") >= 2)


async def test_a_refusal_is_acknowledged_on_the_invites_own_branch(pair):
    pair.call.invite("sip:b@b", "")
    await pair.until(lambda: pair.there_calls)
    pair.there_calls[0].refuse(486)
    await pair.call.wait(CallState.ENDED)
    await pair.until(lambda: "ACK" in pair.out.said)
    assert pair.out.sent[-1].branch == pair.out.sent[0].branch
    assert pair.call.code == 486


async def test_a_lost_bye_is_sent_again(pair):
    there = await pair.up()
    await pair.until(lambda: "ACK" in pair.out.said)
    pair.out.lose = {"BYE"}
    pair.call.hangup()
    await there.wait(CallState.ENDED)
    assert pair.out.said.count("BYE") >= 2
    assert (pair.call.ended_by, there.ended_by) == ("local", "remote")


async def test_cancel_waits_for_a_provisional_answer_and_ends_as_487(pair):
    pair.call.invite("sip:b@b", "")
    pair.call.hangup()
    await pair.until(lambda: pair.there_calls)
    assert "CANCEL" not in pair.out.said
    pair.there_calls[0].ring()
    await pair.call.wait(CallState.ENDED)
    assert (pair.call.code, pair.call.ended_by) == (487, "local")
    assert pair.there_calls[0].ended_by == "remote"


async def test_an_answer_that_crosses_the_cancel_is_hung_up(pair):
    pair.call.invite("sip:b@b", "")
    pair.call.hangup()
    await pair.until(lambda: pair.there_calls)
    pair.there_calls[0].answer("")
    await pair.there_calls[0].wait(CallState.ENDED)
    assert pair.call.ended_by == "local"


async def test_a_repeated_invite_makes_no_second_call(pair):
    await pair.up()
    pair.there.receive(bytes(pair.out.sent[0]))
    assert len(pair.there_calls) == 1


async def test_a_reinvite_is_answered_inside_the_call(pair):
    there = await pair.up()
    pair.call.reinvite(plain_audio("127.0.0.1", 4000, direction="sendonly"))
    await pair.call.changes.until(lambda: pair.call.reinvites == 1)
    assert there.reinvites == 1
    assert there.state is CallState.UP


async def test_update_and_options_are_answered(pair):
    there = await pair.up()
    pair.call.update()
    await pair.until(lambda: pair.back.said.count(200) == 2)
    assert there.state is CallState.UP


async def test_a_bye_for_a_call_that_nobody_has_gets_481(pair):
    await pair.up()
    pair.there_calls[0].hangup()
    await pair.call.wait(CallState.ENDED)
    pair.call.update()
    await pair.until(lambda: 481 in pair.back.said)


async def test_rubbish_is_ignored(pair):
    pair.there.receive(b"\xff\xfe nothing of this is SIP")
    await pair.up()
