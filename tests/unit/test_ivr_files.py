"""A wrong flow file is refused with the place and the reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.errors import FlowError
from ivr.flow import read_flow
from ivr.house import read_ivr
from ivr.numbers import read_numbers

HEAD = "flow: a\nlanguage: zh\nstart: s\nnodes:\n"
END = "  e: {enqueue: repairs}\n"
FLOW = HEAD + "  s: {enqueue: repairs}\n"
MENU = "  s: {menu: p, keys: {1: e}, wait_ms: 500, silent: e%s}\n" + END
NUMBERS = "numbers: {'4001': {flow: a, queue: repairs, region: CN}}\nother: {flow: a, queue: repairs}\n"


@pytest.mark.parametrize(
    ("text", "node", "field", "problem"),
    [
        ("[", "", "", "is not YAML"),
        ("- a", "", "", "must be a mapping"),
        ("? [1]\n: 2", "", "", "is not YAML"),
        ("true: 1", "", "", "neither a word nor a number"),
        ("flow: a\nflow: b", "", "", "given twice"),
        ("flow: a", "", "nodes", "must be a mapping"),
        ("flow: a\nnodes: {}", "", "language", "is missing"),
        ("flow: a\nlanguage: zh\nnodes: {}", "", "start", "is missing"),
        (HEAD.replace("start: s", "start: x") + "  s: {enqueue: repairs}", "", "start", "there is no node x"),
        (FLOW.replace("flow: a", "flow: A B"), "", "flow", "small letters"),
        (FLOW.replace("zh", "Chinese"), "", "language", "two letters"),
        (FLOW + "extra: 1\n", "", "extra", "not known"),
        (HEAD + "  s: 5", "s", "", "must be a mapping"),
        (HEAD + "  s: {}", "s", "", "exactly one"),
        (HEAD + "  s: {say: p, enqueue: repairs}", "s", "", "exactly one"),
        (HEAD + "  s: {say: p}", "s", "then", "is missing"),
        (HEAD + "  s: {say: [], then: s}", "s", "say", "at least one prompt"),
        (HEAD + "  s: {say: '../../etc/passwd', then: s}", "s", "say", "small letters"),
        (HEAD + "  s: {say: {prompt: p, language: zh, x: 1}, then: s}", "s", "x", "not known"),
        (HEAD + "  s: {say: p, then: s, interrupt: 1}", "s", "interrupt", "yes or no"),
        (HEAD + "  s: {say: p, then: gone}", "s", "", "no such node"),
        (FLOW + "  lost: {enqueue: repairs}", "lost", "", "no way leads"),
        (HEAD + "  s: {enqueue: repairs, priority: 101}", "s", "priority", "from 0 to 100"),
        (HEAD + "  s: {enqueue: repairs, priority: yes}", "s", "priority", "whole number"),
        (HEAD + "  s: {enqueue: repairs, skills: vip}", "s", "skills", "list of words"),
        (HEAD + MENU % ", tries: 9", "s", "tries", "from 1 to 5"),
        (HEAD + MENU.replace("wait_ms: 500", "wait_ms: 60000") % "", "s", "wait_ms", "10000"),
        (HEAD + MENU.replace("{1: e}", "{12: e}") % "", "s", "keys", "each alone"),
        (HEAD + MENU.replace("{1: e}", "{a: e}") % "", "s", "keys", "each alone"),
        (HEAD + MENU.replace("{1: e}", "{}") % "", "s", "keys", "at least one key"),
        (HEAD + MENU % ", colour: red", "s", "colour", "not known"),
    ],
)
def test_a_wrong_flow_names_file_node_and_field(text, node, field, problem):
    with pytest.raises(FlowError) as caught:
        read_flow(text, "a.yaml")
    assert (caught.value.file, caught.value.node, caught.value.field) == ("a.yaml", node, field)
    assert problem in caught.value.problem
    assert str(caught.value).startswith("a.yaml")


@pytest.mark.parametrize(
    ("text", "node", "field"),
    [
        ("numbers: {}", "other", ""),
        (NUMBERS + "more: 1", "", "more"),
        (NUMBERS.replace("'4001'", "abc"), "abc", ""),
        (NUMBERS.replace("CN", "China"), "4001", "region"),
        (NUMBERS.replace("queue: repairs, region", "region"), "4001", "queue"),
        (NUMBERS.replace("region: CN", "colour: red"), "4001", "colour"),
    ],
)
def test_wrong_numbers_name_file_number_and_field(text, node, field):
    with pytest.raises(FlowError) as caught:
        read_numbers(text, "numbers.yaml")
    assert (caught.value.node, caught.value.field) == (node, field)


def test_numbers_keep_their_region():
    numbers = read_numbers(NUMBERS, "numbers.yaml")
    assert (numbers.line("4001").region, numbers.line("5000").region) == ("CN", "")


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({"a.yaml": FLOW}, "is missing"),
        ({"a.yaml": FLOW, "b.yaml": FLOW, "numbers.yaml": NUMBERS}, "another file has a flow a"),
        ({"a.yaml": FLOW.replace("repairs", "nowhere"), "numbers.yaml": NUMBERS}, "no queue nowhere"),
        ({"a.yaml": HEAD + "  s: {say: unsaid, then: e}\n" + END, "numbers.yaml": NUMBERS}, "no prompt unsaid"),
        (
            {"a.yaml": FLOW, "numbers.yaml": NUMBERS.replace("flow: a, queue: repairs, region", "flow: b, queue: x, region")},
            "no flow b",
        ),
        ({"a.yaml": FLOW, "numbers.yaml": NUMBERS.replace("{flow: a, queue: repairs}", "{flow: a, queue: x}")}, "no queue x"),
    ],
)
def test_files_that_do_not_fit_each_other_are_refused(files, problem):
    with pytest.raises(FlowError, match=problem):
        read_ivr(files, ["repairs"], ["p"])


def test_files_that_fit_answer_for_a_number():
    farewell = "{flow: b, language: zh, start: s, nodes: {s: {say: p, then: h}, h: {hangup: yes}}}"
    files = {"a.yaml": FLOW, "b.yaml": farewell, "numbers.yaml": NUMBERS}
    flow, facts, line = read_ivr(files, ["repairs"], ["p"]).for_number("4001")
    assert (flow.name, facts.default_queue, line.region) == ("a", "repairs", "CN")


@given(st.text(max_size=200))
def test_any_text_is_a_flow_or_refused(text):
    with pytest.raises(FlowError):
        read_flow(text, "a.yaml")
