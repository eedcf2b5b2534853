"""The FastAGI server and its sessions, over real sockets against a scripted Asterisk."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cti.agi.commands import command, parse_result, quote
from cti.agi.head import HEAD_LIMIT, parse_head
from cti.agi.server import AgiServer
from cti.ports.ivr_channel import ChannelGone
from cti.ports.telephony import InvalidValue

HEAD = (
    b"agi_network: yes\nagi_network_script: inbound\nagi_request: agi://127.0.0.1:1/inbound\nagi_arg_1: %s\n"
    b"agi_channel: PJSIP/trunk-00000001\nagi_language: zh\nagi_uniqueid: sw1-1.1\nagi_callerid: +8613800138000\n"
    b"agi_calleridname: \xe5\xbc\xa0\xe4\xb8\x89\nagi_accountcode: call-1\n\n"
)
KEY = "thekey"


def head(key: str = KEY) -> bytes:
    return HEAD % key.encode()


class Asterisk:
    """Sends a head, answers each command by the script (a dict of first words, else success)."""

    def __init__(self, answers=None) -> None:
        self.answers = answers or {}
        self.commands: list[str] = []

    async def call(self, port: int, first: bytes | None = None) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head() if first is None else first)
        with contextlib.suppress(ConnectionError):
            while line := await reader.readline():
                self.commands.append(line.decode().rstrip("\n"))
                writer.write(self._answer(self.commands[-1]))
        writer.close()

    def _answer(self, line: str) -> bytes:
        for start, answer in self.answers.items():
            if line.startswith(start):
                return answer.pop(0) if isinstance(answer, list) else answer
        return b"200 result=1 (call-1)\n" if line.startswith("GET") else b"200 result=0\n"


async def session(answers, handler, **more) -> Asterisk:
    """One call through a server with this handler; what Asterisk was told."""
    asterisk = Asterisk(answers)
    async with AgiServer("127.0.0.1", 0, KEY, handler, **more) as server, asyncio.timeout(5):
        await asterisk.call(server.port)
    return asterisk


async def test_a_session_knows_its_channel():
    seen = []

    async def handler(channel):
        seen.append((channel.uniqueid, channel.call, channel.variables["callerid"], channel.variables["calleridname"]))
        seen.append(channel.variables)

    await session({}, handler)
    assert seen[0] == ("sw1-1.1", "call-1", "+8613800138000", "张三")
    assert KEY not in str(seen[1])


async def test_playing_sets_the_language_once_and_gives_the_digit_that_stopped_it():
    got = []

    async def handler(channel):
        got.append(await channel.play("carillon/greeting", "en", "12"))
        got.append(await channel.play("carillon/menu", "en"))

    asterisk = await session({"STREAM FILE": [b"200 result=50 endpos=800\n", b"200 result=0 endpos=1600\n"]}, handler)
    assert got == ["2", ""]
    assert asterisk.commands == [
        'SET VARIABLE "CHANNEL(language)" "en"',
        'STREAM FILE "carillon/greeting" "12"',
        'STREAM FILE "carillon/menu" ""',
    ]


async def test_collecting_passes_over_digits_that_were_not_asked_for():
    got = []

    async def handler(channel):
        got.append(await channel.collect(2000, "12"))

    await session({"WAIT FOR DIGIT": [b"200 result=57\n", b"200 result=49\n"]}, handler)
    assert got == ["1"]


async def test_no_digit_in_time_is_empty():
    got = []

    async def handler(channel):
        got.append(await channel.collect(100, "12"))

    await session({"WAIT FOR DIGIT": b"200 result=0\n"}, handler)
    assert got == [""]


async def test_a_hangup_line_is_a_flag_and_never_an_answer():
    raised = []

    async def handler(channel):
        assert await channel.get_variable("CTI_QUEUE") == "repairs"
        try:
            await channel.get_variable("CTI_LANG")
        except ChannelGone as gone:
            raised.append(gone)

    await session({'GET VARIABLE "CTI_QUEUE': b"HANGUP\n200 result=1 (repairs)\n"}, handler)
    assert raised


@pytest.mark.parametrize(
    "answer", [b"200 result=-1\n", b"511 Command Not Permitted on a dead channel or intercept routine\n", b"200 res"]
)
async def test_a_caller_who_is_gone_raises_channel_gone(answer):
    raised = []

    class Closes(Asterisk):
        async def call(self, port, first=None):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(head())
            await reader.readline()
            writer.write(answer)
            writer.close()

    async def handler(channel):
        try:
            await channel.answer()
        except ChannelGone as gone:
            raised.append(gone)

    async with AgiServer("127.0.0.1", 0, KEY, handler) as server:
        await Closes().call(server.port)
        async with asyncio.timeout(5):
            while not raised:  # noqa: ASYNC110  # the handler runs in the server
                await asyncio.sleep(0.01)


async def test_a_usage_text_of_several_lines_is_one_answer():
    raised = []

    async def handler(channel):
        try:
            await channel.set_variable("CTI_LANG", "zh")
        except InvalidValue as error:
            raised.append(str(error))
        assert await channel.get_variable("CTI_LANG") == "zh"

    usage = b"520-Invalid command syntax.  Proper usage follows:\nUsage: SET VARIABLE\n200 result=9 is text\n520 End of usage.\n"
    await session({"SET": usage, 'GET VARIABLE "CTI_LANG': b"200 result=1 (zh)\n"}, handler)
    assert "520" in raised[0]


async def test_a_value_with_parentheses_comes_whole():
    got = []

    async def handler(channel):
        got.append(await channel.get_variable("CTI_X"))

    await session({'GET VARIABLE "CTI_X': b"200 result=1 (a (b) c)\n"}, handler)
    assert got == ["a (b) c"]


async def test_a_head_without_the_call_is_asked_for_it():
    seen = []

    async def handler(channel):
        seen.append(channel.call)

    asterisk = Asterisk({"GET VARIABLE": b"200 result=1 (call-7)\n"})
    async with AgiServer("127.0.0.1", 0, KEY, handler) as server, asyncio.timeout(5):
        await asterisk.call(server.port, head().replace(b"agi_accountcode: call-1", b"agi_accountcode: "))
    assert (seen, asterisk.commands) == (["call-7"], ['GET VARIABLE "CTI_CALL"'])


async def test_several_variables_are_set_in_one_step_and_only_as_plain_words():
    refused = []

    async def handler(channel):
        await channel.set_variables({"CTI_QUEUE": "repairs", "CTI_LANG": "", "CTI_NEXT": "cti-hold"})
        for values in ({"CTI_QUEUE": "a,CTI_NEXT=x"}, {"CTI_QUEUE": "${SHELL(id)}"}, {"SHELL(id)": "x"}):
            try:
                await channel.set_variables(values)
            except InvalidValue:
                refused.append(values)

    asterisk = await session({}, handler)
    assert asterisk.commands == ['EXEC MSet "CTI_QUEUE=repairs,CTI_LANG=,CTI_NEXT=cti-hold"']
    assert len(refused) == 3


@pytest.mark.parametrize("name", ["SHELL(id)", "CALLERID(name)", "cti_x", "PATH x", "CTI_X\nHANGUP", ""])
async def test_only_plain_variables_are_read_and_only_ours_are_written(name):
    refused = []

    async def handler(channel):
        for method in (channel.get_variable(name), channel.set_variable(name, "x")):
            try:
                await method
            except InvalidValue:
                refused.append(name)

    await session({}, handler)
    assert len(refused) == 2


async def test_connect_and_close_is_harmless_and_leaves_no_session():
    async def handler(_channel):
        raise AssertionError("no session")

    async with AgiServer("127.0.0.1", 0, KEY, handler, head_within=0.2) as server:
        for sent in (b"", b"GET / HTTP/1.0\r\n\r\n", b"\n\n", b"x" * (HEAD_LIMIT * 4)):
            _, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(sent)
            writer.close()
        async with asyncio.timeout(5):
            while server.sessions:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        answered = await session({}, _answers)
        assert answered.commands == ["ANSWER"]


async def _answers(channel) -> None:
    await channel.answer()


async def _nothing(_channel) -> None:
    """A handler that is done at once."""


async def test_a_head_that_never_ends_is_given_up():
    async with AgiServer("127.0.0.1", 0, KEY, _nothing, head_within=0.1) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"agi_network: yes\n")
        async with asyncio.timeout(3):
            assert await reader.read() == b""
        writer.close()


@pytest.mark.parametrize("key", ["", "wrong", "thekey2"])
async def test_without_the_key_no_handler_runs(key):
    ran = []

    async def handler(_channel):
        ran.append(1)

    asterisk = Asterisk()
    async with AgiServer("127.0.0.1", 0, KEY, handler) as server, asyncio.timeout(5):
        await asterisk.call(server.port, head(key))
    assert (ran, asterisk.commands) == ([], [])


def test_a_server_without_a_key_does_not_start():
    with pytest.raises(ValueError, match="key"):
        AgiServer("127.0.0.1", 0, "", _nothing)


async def test_a_handler_that_fails_ends_its_own_session_only(caplog):
    async def handler(_channel):
        raise RuntimeError("flow")

    async with AgiServer("127.0.0.1", 0, KEY, handler) as server, asyncio.timeout(5):
        await Asterisk().call(server.port)
        await Asterisk().call(server.port)
    assert caplog.text.count("the IVR failed") == 2


async def test_ending_the_server_ends_its_sessions():
    started, ended = asyncio.Event(), []

    async def handler(_channel):
        started.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    async with AgiServer("127.0.0.1", 0, KEY, handler) as server:
        call = asyncio.ensure_future(Asterisk().call(server.port))
        await started.wait()
    await call
    assert ended == ["cancelled"]


@settings(max_examples=500, deadline=None)
@given(st.lists(st.text(max_size=20), max_size=3))
def test_arguments_make_one_line_that_reads_back_or_are_refused(arguments):
    try:
        line = command("SET VARIABLE", *arguments)
    except InvalidValue:
        assert any(character in argument for argument in arguments for character in "\r\n\0")
        return
    assert "\n" not in line
    assert "\r" not in line
    assert _unquoted(line.removeprefix("SET VARIABLE")) == arguments


def _unquoted(text: str) -> list[str]:
    """Words as res_agi's parse_args takes them: quotes begin and end a word, a backslash takes the next character."""
    words: list[str] = []
    inside, escaped = False, False
    for character in text:
        if escaped:
            words[-1] += character
            escaped = False
        elif character == "\\" and inside:
            escaped = True
        elif character == '"':
            if not inside:
                words.append("")
            inside = not inside
        elif inside:
            words[-1] += character
    return words


def test_a_line_end_is_refused():
    for bad in ("a\nb", "a\rb", "a\0b"):
        with pytest.raises(InvalidValue):
            quote(bad)


@given(st.binary(max_size=200))
def test_no_head_breaks_the_parser(data):
    variables = parse_head(data + b"\n\n")
    assert {"script", "key"} <= set(variables)


@given(st.text(max_size=60))
def test_no_answer_breaks_the_parser(line):
    parse_result(line.split("\n")[0])
