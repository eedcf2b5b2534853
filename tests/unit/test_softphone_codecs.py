"""G.711, RTP, digits and SIP messages of our own tools."""

from __future__ import annotations

import array
import contextlib
import math
import wave

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carillon.softphone import dtmf, g711, rtp, sdp, sip, sound
from tests.support.tones import tones_in, tones_in_ulaw


@given(st.lists(st.integers(-32768, 32767), max_size=200))
def test_mulaw_keeps_every_sample_within_its_step(samples):
    pcm = b"".join(value.to_bytes(2, "little", signed=True) for value in samples)
    for before, after in zip(samples, g711.samples(g711.encode(pcm)), strict=True):
        assert abs(before - after) <= max(8, abs(before) // 16 + 4) or abs(before) > 32000


def test_mulaw_reads_what_it_wrote():
    assert g711.encode(g711.decode(bytes(range(256))))[1:127] == bytes(range(1, 127))


def test_silence_is_all_ones():
    assert g711.encode(bytes(4)) == g711.SILENCE * 2


@given(st.integers(0, 127), st.integers(0, 65535), st.integers(0, 2**32 - 1), st.binary(max_size=200), st.booleans())
def test_an_rtp_packet_comes_back_as_it_went(kind, sequence, stamp, payload, marker):
    packet = rtp.RtpPacket(kind, sequence, stamp, 7, payload, marker)
    assert rtp.parse(bytes(packet)) == packet


@given(st.binary(max_size=40))
def test_what_is_no_rtp_never_raises(data):
    rtp.parse(data)


def test_a_digit_ends_three_times_with_the_same_duration():
    packets = [dtmf.read_event(one.payload) for one in dtmf.event_packets("#", 100)]
    assert [one for one in packets if one and one[1]] == [("#", True, 800)] * 3
    assert len(packets) == 5 + 3


def test_only_telephone_keys_are_digits():
    with pytest.raises(dtmf.NotADigit):
        dtmf.event_packets("x")


def test_a_message_comes_back_as_it_went():
    request = sip.Request(
        (("Via", "SIP/2.0/UDP h;branch=z9hG4bK1"), ("Call-ID", "a"), ("CSeq", "1 INVITE")),
        "v=0\r\n",
        method="INVITE",
        uri="sip:a@b",
    )
    assert sip.parse(bytes(request)) == request


def test_compact_and_folded_headers_are_read():
    message = sip.parse(b"BYE sip:a SIP/2.0\r\nv: SIP/2.0/UDP h\r\n ;branch=z9\r\ni: 7\r\nCSeq: 2 BYE\r\nl: 0\r\n\r\n")
    assert (message.branch, message.call_id, message.cseq) == ("z9", "7", (2, "BYE"))


@given(st.binary(max_size=300))
def test_a_broken_message_is_malformed_and_nothing_else(data):
    with contextlib.suppress(sip.MalformedMessage):
        sip.parse(data)


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb", "a\0b"])
def test_a_line_break_never_enters_a_header(value):
    with pytest.raises(sip.UnsafeValue):
        sip.name_addr(value, "sip:a@b")


def test_a_hostile_name_stays_one_quoted_string():
    header = sip.name_addr('Eve" <sip:trunk@evil>;tag=1 \\', "sip:+86@h")
    assert sip.address_uri(header) == "sip:+86@h"
    assert sip.parameter(header + ";tag=mine", "tag") == "mine"


def test_bytes_that_are_no_utf8_pass_through():
    request = sip.Request(
        (("Via", "SIP/2.0/UDP h"), ("Call-ID", "a"), ("CSeq", "1 X"), ("From", b"\xff\xe4".decode("utf-8", "surrogateescape"))),
        method="X",
        uri="sip:a",
    )
    assert b"From: \xff\xe4\r\n" in bytes(request)


def test_a_dialled_string_cannot_leave_the_user_part():
    assert sip.sip_uri("4001@evil>;x", "h:5060") == "sip:4001%40evil%3E%3Bx@h:5060"
    assert sip.user_of(sip.sip_uri("4001@evil", "h")) == "4001@evil"


def test_an_answer_mirrors_the_direction():
    offer = sdp.plain_audio("127.0.0.1", 4000, direction="sendonly")
    assert sdp.mirrored(sdp.direction_of(offer)) == "recvonly"


def test_another_direction_is_a_newer_version():
    held = sdp.with_direction(sdp.plain_audio("127.0.0.1", 4000), "sendonly")
    assert "o=- 1 2 IN" in held
    assert sdp.direction_of(held) == "sendonly"


def test_a_tone_is_heard_as_itself_and_as_nothing_else():
    loop = sound.Loop(sound.tone(600))
    assert tones_in_ulaw(loop(160), (300, 600, 1000, 1400)) == {600}


def test_silence_has_no_tone():
    assert tones_in([0] * 160, (600,)) == frozenset()


@pytest.mark.parametrize("rate", [8000, 16000, 44100, 48000, 6000])
def test_a_wav_of_any_rate_keeps_its_pitch(tmp_path, rate):
    path = tmp_path / "tone.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, rate, 0, "NONE", ""))
        values = array.array("h", (round(9000 * math.sin(2 * math.pi * 700 * n / rate)) for n in range(rate) for _side in (0, 1)))
        file.writeframes(values.tobytes())
    pcm = array.array("h", sound.read_wav(path))
    assert 7900 <= len(pcm) <= 8000
    assert tones_in(pcm[800:1600], (350, 700, 1400)) == {700}


def test_a_file_that_is_no_wav_is_refused_in_words(tmp_path):
    path = tmp_path / "x.wav"
    path.write_bytes(b"MP3")
    with pytest.raises(sound.UnreadableSound, match="not a PCM WAV"):
        sound.read_wav(path)
