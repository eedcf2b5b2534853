"""Erlang C at points where it is known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.metrics.erlang import mean_wait_s, waiting_probability


@pytest.mark.parametrize(
    ("agents", "erlangs", "probability"), [(1, 0.3, 0.3), (2, 1.0, 1 / 3), (5, 0.0, 0.0), (3, 3.0, 1.0), (2, 9, 1)]
)
def test_the_probability_of_waiting(agents, erlangs, probability):
    assert waiting_probability(agents, erlangs) == pytest.approx(probability)


def test_one_agent_is_the_textbooks_single_server():
    assert mean_wait_s(1, 0.5 / 60, 60) == pytest.approx(0.5 / (1 - 0.5) * 60)


def test_too_much_load_waits_for_ever():
    assert mean_wait_s(2, 1.0, 2.0) == float("inf")


@given(st.integers(1, 2000), st.floats(0, 0.999))
def test_it_is_a_probability_for_any_size(agents, load):
    assert 0 <= waiting_probability(agents, agents * load) <= 1
