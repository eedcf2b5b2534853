"""Asterisk's event log is folded into calls."""

from __future__ import annotations

from cti.store.cel import CelBook

ROWS = """"CHAN_START","1795311177.566519","","sw1-1.0","sw1-1.0","PJSIP/trunk-00000000","13800138000","王小明","4001","",""
"ANSWER","1795311177.571534","c1","sw1-1.0","sw1-1.0","PJSIP/trunk-00000000","13800138000","王小明","4001","",""
"BRIDGE_ENTER","1795311180.0","c1","sw1-1.1","sw1-1.0","PJSIP/w1f2-00000001","","","s","",""
"HANGUP","1795311191.5","c1","sw1-1.0","sw1-1.0","PJSIP/trunk-00000000","1","n","s","","{""hangupsource"":""PJSIP/trunk-00000000""}"
"""


def test_a_call_is_told_by_its_rows(tmp_path):
    file = tmp_path / "cel.csv"
    file.write_text(ROWS)
    book = CelBook()
    assert book.read(file, 0) == len(ROWS.encode())
    call = book.calls["c1"]
    assert (call.ani, call.name, call.dnis, call.endpoint, call.ended_by) == ("13800138000", "王小明", "4001", "w1f2", "caller")
    assert call.answered_at is not None
    assert call.ended_at is not None
    assert (call.ended_at - call.answered_at).total_seconds() == 11.5


def test_half_a_line_is_left_for_the_next_reading(tmp_path):
    file = tmp_path / "cel.csv"
    file.write_text(ROWS[:-20])
    book = CelBook()
    offset = book.read(file, 0)
    assert book.calls["c1"].ended_at is None
    file.write_text(ROWS)
    book.read(file, offset)
    assert book.calls["c1"].ended_by == "caller"


def test_a_rotated_file_is_read_from_its_start(tmp_path):
    file = tmp_path / "cel.csv"
    file.write_text(ROWS)
    book = CelBook()
    book.read(file, 10_000)
    assert "c1" in book.calls
