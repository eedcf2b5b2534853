"""Numbers as trunks, owners and attackers write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.numbers import NumberReason, country_prefix, mask, normalise

R = NumberReason


@pytest.mark.parametrize(
    ("raw", "e164"),
    [
        ("13800138000", "+8613800138000"),
        ("013800138000", "+8613800138000"),
        ("008613800138000", "+8613800138000"),
        ("8613800138000", "+8613800138000"),
        ("+8613800138000", "+8613800138000"),
        ("+86 138-0013-8000", "+8613800138000"),
        ("１３８００１３８０００", "+8613800138000"),
        ("1795113800138000", "+8613800138000"),
        ("19912345678", "+8619912345678"),
        ("01062301234", "+861062301234"),
        ("010-62301234", "+861062301234"),
        ("(010) 6230 1234", "+861062301234"),
        ("0755-8234 5678", "+8675582345678"),
        ("00861062301234", "+861062301234"),
        ("02161234567", "+862161234567"),
        ("4008123123", "+864008123123"),
        ("400-812-3123", "+864008123123"),
        ("8008101234", "+868008101234"),
        ("sip:+8613800138000@10.0.0.1;user=phone", "+8613800138000"),
        ("<sip:13800138000@trunk.example>", "+8613800138000"),
        ("tel:+8613800138000", "+8613800138000"),
        ("13800138000;phone-context=+86", "+8613800138000"),
        ("+12025550123", "+12025550123"),
        ("0012025550123", "+12025550123"),
        ("+442079460958", "+442079460958"),
        ("00442079460958", "+442079460958"),
        ("+85221234567", "+85221234567"),
    ],
)
def test_a_number_that_reaches_a_chinese_trunk_becomes_e164(raw, e164):
    number = normalise(raw, "CN")
    assert (number.e164, number.raw, number.reason) == (e164, raw, R.E164)


@pytest.mark.parametrize(
    ("raw", "region", "e164"),
    [
        ("02079460958", "GB", "+442079460958"),
        ("07400123456", "GB", "+447400123456"),
        ("2025550123", "US", "+12025550123"),
        ("0118613800138000", "US", "+8613800138000"),
        ("03012345678", "DE", "+493012345678"),
    ],
)
def test_a_national_number_is_read_as_its_trunks_region_writes_it(raw, region, e164):
    assert normalise(raw, region).e164 == e164


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", R.WITHHELD),
        ("   ", R.WITHHELD),
        ("anonymous", R.WITHHELD),
        ("Anonymous", R.WITHHELD),
        ("ANONYMOUS", R.WITHHELD),
        ("sip:anonymous@anonymous.invalid", R.WITHHELD),
        ("unknown", R.WITHHELD),
        ("<unknown>", R.WITHHELD),
        ("Restricted", R.WITHHELD),
        ("110", R.SHORT_CODE),
        ("10086", R.SHORT_CODE),
        ("95588", R.SHORT_CODE),
        ("8001", R.SHORT_CODE),
        ("0", R.SHORT_CODE),
        ("62301234", R.IMPOSSIBLE),
        ("88888888", R.IMPOSSIBLE),
        ("00000000000", R.IMPOSSIBLE),
        ("+0000000", R.IMPOSSIBLE),
        ("+1", R.IMPOSSIBLE),
        ("+999123456789", R.IMPOSSIBLE),
        ("12345678901234567890", R.IMPOSSIBLE),
        ("1800FLOWERS", R.NOT_A_NUMBER),
        ("alice", R.NOT_A_NUMBER),
        ("138001380ab", R.NOT_A_NUMBER),
        ("138\r\n00138000", R.NOT_A_NUMBER),
        ("13800138000\x00", R.NOT_A_NUMBER),
        ("13800138000\n", R.NOT_A_NUMBER),
        ("'; DROP TABLE owners;--", R.NOT_A_NUMBER),
        ("13800138000&PJSIP/trunk", R.NOT_A_NUMBER),
        ("${EXTEN}", R.NOT_A_NUMBER),
        ("*100#", R.NOT_A_NUMBER),
        ("+", R.NOT_A_NUMBER),
        ("++8613800138000", R.NOT_A_NUMBER),
        ("1" * 65, R.TOO_LONG),
        ("9" * 100_000, R.TOO_LONG),
    ],
)
def test_what_is_no_number_keeps_its_raw_value_and_says_why(raw, reason):
    number = normalise(raw, "CN")
    assert (number.e164, number.raw, number.reason) == ("", raw, reason)


def test_an_unknown_region_is_no_error():
    assert normalise("13800138000", "XX").reason is R.IMPOSSIBLE


@given(st.text(max_size=80), st.sampled_from(["CN", "US", "GB", "ZZ"]))
def test_any_text_is_understood_or_refused_but_never_raises(raw, region):
    number = normalise(raw, region)
    assert number.raw == raw
    assert bool(number.e164) == (number.reason is R.E164)


@given(st.text(alphabet="+0123456789", min_size=1, max_size=20))
def test_e164_is_a_plus_and_at_most_fifteen_digits_and_reads_as_itself(raw):
    e164 = normalise(raw, "CN").e164
    if e164:
        assert e164[0] == "+"
        assert e164[1:].isdigit()
        assert e164.isascii()
        assert normalise(e164, "US").e164 == e164


@pytest.mark.parametrize(
    ("number", "masked"), [("+8613800138000", "***8000"), ("", ""), ("8001", "***"), ("110", "***"), ("anonymous", "***mous")]
)
def test_a_masked_number_shows_its_last_four_digits(number, masked):
    assert mask(number) == masked


@pytest.mark.parametrize(("region", "prefix"), [("CN", "+86"), ("US", "+1"), ("ZZ", "+")])
def test_the_country_of_a_region_begins_its_numbers(region, prefix):
    assert country_prefix(region) == prefix
