"""The pure rules of the CRM core: stages, required fields, days, who is calling, what a search starts from."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.callbacks import rules as callbacks
from crm_core.errors import FieldsMissing, WrongState
from crm_core.owners import terms
from crm_core.owners.rules import Found, rank
from crm_core.tickets.rules import NEXT, Outcome, State, check_outcome, check_task_sheet, day_of, move, number_of

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
SHEET = {"number": "+8613800138000", "equipment": "门禁", "symptom": "黑屏", "since_when": "昨晚", "note": "记录"}


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("after", State)
def test_a_ticket_goes_where_the_table_says_and_nowhere_else(before: State, after: State):
    if after in NEXT[before]:
        assert move(before, after) is after
    else:
        with pytest.raises(WrongState):
            move(before, after)


def test_every_finished_ticket_can_be_opened_again():
    assert all(State.OPEN in NEXT[state] for state in (State.SOLVED, State.CLOSED))


def test_a_callback_can_be_opened_again_but_not_cancelled_after_it_was_done():
    assert callbacks.move(callbacks.CallbackState.DONE, callbacks.CallbackState.OPEN) is callbacks.CallbackState.OPEN
    with pytest.raises(WrongState):
        callbacks.move(callbacks.CallbackState.DONE, callbacks.CallbackState.CANCELLED)


def test_a_complete_sheet_is_accepted():
    check_task_sheet(SHEET)


@given(st.sets(st.sampled_from(sorted(SHEET)), min_size=1), st.sampled_from(["", " ", "\t\n", None]))
def test_an_incomplete_sheet_names_exactly_what_is_missing(empty: set[str], blank: str | None):
    with pytest.raises(FieldsMissing) as refused:
        check_task_sheet({**SHEET, **dict.fromkeys(empty, blank)})
    assert set(refused.value.fields) == empty


@pytest.mark.parametrize(
    ("outcome", "note", "due", "missing"),
    [
        (Outcome.SOLVED_BY_PHONE, "", None, ["note"]),
        (Outcome.CALL_AGAIN, "", None, ["note", "due_at"]),
        (Outcome.CALL_AGAIN, "明天", None, ["due_at"]),
    ],
)
def test_an_outcome_needs_a_note_and_ringing_again_a_time(outcome: Outcome, note: str, due: datetime | None, missing: list[str]):
    with pytest.raises(FieldsMissing) as refused:
        check_outcome(outcome, note, due)
    assert refused.value.fields == missing


def test_a_ticket_is_numbered_by_the_day_of_the_site():
    just_past_midnight = datetime(2026, 11, 22, 16, 5, tzinfo=UTC)  # 00:05 on the 23rd in Shanghai
    day = day_of(just_past_midnight, ZoneInfo("Asia/Shanghai"))
    assert (day, number_of(day, 33)) == (date(2026, 11, 23), "T-1123-0033")


# ---- who is calling -------------------------------------------------------------------------------------------------


def found(owner: str, *, primary: bool = False, called: timedelta | None = None, tickets: int = 0) -> Found:
    return Found(
        id=owner,
        name=owner,
        level="standard",
        primary=primary,
        properties=[],
        equipment=[],
        open_tickets=[{"number": f"T-{n}", "due_at": None} for n in range(tickets)],
        last_calls=[] if called is None else [{"at": (NOW - called).isoformat()}],
        callbacks=[],
    )


def codes(*owners: Found) -> list[tuple[str, str]]:
    return [(each.id, reason.code) for each, reason in rank(list(owners), NOW)]


def test_one_owner_is_the_only_owner_whatever_else_holds():
    assert codes(found("a", primary=True, called=timedelta(hours=1), tickets=2)) == [("a", "only_owner")]


def test_the_later_call_comes_first():
    assert codes(found("a", called=timedelta(days=3)), found("b", called=timedelta(hours=2)))[0] == ("b", "recent_call")


def test_a_call_of_last_month_is_no_reason():
    assert codes(found("a", called=timedelta(days=30)), found("b", tickets=1))[0] == ("b", "open_ticket")


@given(
    st.lists(st.tuples(st.booleans(), st.none() | st.integers(0, 60), st.integers(0, 2)), min_size=2, max_size=6), st.randoms()
)
def test_the_order_does_not_depend_on_the_order_of_rows(owners: list[tuple[bool, int | None, int]], chance):
    rows = [
        found(f"o{n}", primary=primary, called=None if days is None else timedelta(days=days), tickets=tickets)
        for n, (primary, days, tickets) in enumerate(owners)
    ]
    mixed = list(rows)
    chance.shuffle(mixed)
    assert codes(*rows) == codes(*mixed)


# ---- searching ------------------------------------------------------------------------------------------------------


def test_a_chinese_name_is_found_by_each_of_its_characters():
    assert terms.name_terms("周建国") == {"周建国", "建国", "国"}


def test_a_western_name_is_found_by_each_word_without_case():
    assert terms.name_terms("Daniel REED") == {"daniel reed", "reed"}


def test_an_address_is_found_by_building_unit_and_flat():
    found_by = terms.address_terms("云栖花园 3 栋 2 单元 1201")
    assert {"云栖花园 3 栋 2 单元 1201", "3 栋 2 单元 1201", "1201"} <= found_by


def test_full_width_digits_are_the_same_as_plain_ones():
    assert terms.address_terms("云栖花园３栋") == terms.address_terms("云栖花园3栋")


@pytest.mark.parametrize(
    ("query", "digits"),
    [
        ("8000", "8000"),
        ("+86 138-0013", "861380013"),
        ("12", ""),
        ("3-2-1201", "321201"),
        ("周8000", ""),
        ("", ""),
        ("(0571) 8888", "05718888"),
    ],
)
def test_a_search_is_for_a_number_when_it_is_written_like_one(query: str, digits: str):
    assert terms.digits(query) == digits


@given(st.text(max_size=400), st.lists(st.text(max_size=2000), max_size=3))
def test_any_text_has_few_and_short_terms(name: str, addresses: list[str]):
    found_by = terms.terms_of(name, addresses)
    assert len(found_by) <= terms.MOST_TERMS
    assert all(0 < len(term) <= terms.LONGEST for term in found_by)
