"""Callbacks that were filed while the core was away are read back, whatever lies in the folder."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from cti.agi.filed_callbacks import LARGEST, forget, read_filed

GOOD = {"call": "c-1", "uniqueid": "sw1-1.1", "number": "+8613800138000", "name": "a\nb", "dnis": "4001", "epoch": "1795310277"}


def test_a_filed_callback_is_read_oldest_first_and_forgotten(tmp_path):
    (tmp_path / "b.json").write_text(json.dumps(GOOD | {"call": "late", "epoch": "1795310999"}))
    (tmp_path / "z.json").write_text(json.dumps(GOOD))
    filed = read_filed(tmp_path)
    assert [each.call for each in filed] == ["c-1", "late"]
    assert filed[0].filed_at == datetime.fromtimestamp(1795310277, UTC)
    assert filed[0].name == "a␊b"
    for each in filed:
        forget(each)
        forget(each)
    assert read_filed(tmp_path) == []


def test_half_a_file_that_is_still_being_written_is_not_read(tmp_path):
    (tmp_path / "a.new").write_text("{")
    assert read_filed(tmp_path) == []
    assert (tmp_path / "a.new").exists()


def test_what_is_no_callback_is_set_aside(tmp_path):
    outside = tmp_path / "outside"
    outside.write_text(json.dumps(GOOD))
    folder = tmp_path / "callbacks"
    folder.mkdir()
    for name, text in (
        ("1", "{"),
        ("2", "[]"),
        ("3", "{}"),
        ("4", json.dumps(GOOD | {"epoch": "soon"})),
        ("5", "x" * (LARGEST + 1)),
    ):
        (folder / f"{name}.json").write_text(text)
    (folder / "6.json").symlink_to(outside)
    (folder / "7.json").mkdir()
    (folder / "8.json").write_text(json.dumps(GOOD))
    assert [each.file.name for each in read_filed(folder)] == ["8.json"]
    assert sorted(path.name for path in folder.glob("*.bad")) == [f"{n}.bad" for n in range(1, 8)]
    assert outside.exists()


def test_a_folder_that_is_not_there_yet_is_empty(tmp_path):
    assert read_filed(tmp_path / "callbacks") == []
