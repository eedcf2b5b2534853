"""`carillon migrate` and `carillon seed` as a person runs them: from any folder, twice, on a broken file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def carillon(state: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "CARILLON_STATE": str(state),
        "CARILLON_PORT_BASE": "18400",
        **more,
    }
    code = "import sys; from carillon.cli.main import app; app(sys.argv[1:])"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=environment,
        cwd=state.parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_new_database_is_made_once(tmp_path: Path):
    first, second = carillon(tmp_path / "s", "migrate"), carillon(tmp_path / "s", "migrate")
    assert (first.returncode, second.returncode, first.stderr, second.stderr) == (0, 0, "", "")
    assert "is now at" in first.stdout
    assert "already" in second.stdout


def test_a_damaged_file_is_one_sentence_and_a_failure(tmp_path: Path):
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "carillon.sqlite3").write_bytes(b"no database at all" * 1000)
    done = carillon(tmp_path / "s", "seed")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "is damaged" in done.stderr


def test_a_database_that_nobody_knows_is_one_sentence_and_a_failure(tmp_path: Path):
    done = carillon(tmp_path / "s", "migrate", CARILLON_DATABASE_URL="oracle://x")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "CARILLON_DATABASE_URL" in done.stderr


def test_a_server_that_is_not_there_is_one_sentence_and_a_failure(tmp_path: Path):
    done = carillon(tmp_path / "s", "migrate", CARILLON_DATABASE_URL="postgresql+psycopg://x@127.0.0.1:1/x")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)


def test_the_demo_company_says_where_its_accounts_are(tmp_path: Path):
    done = carillon(tmp_path / "s", "seed")
    file = tmp_path / "s" / "demo-accounts.json"
    assert (done.returncode, done.stderr, str(file) in done.stdout) == (0, "", True)
    assert set(json.loads(file.read_text())[0]) == {"login", "password", "role"}


def test_an_empty_installation_has_a_link_and_no_people(tmp_path: Path):
    done = carillon(tmp_path / "s", "seed", "--empty")
    assert (done.returncode, done.stderr) == (0, "")
    assert "http://localhost:18400/setup?token=" in done.stdout
    assert not (tmp_path / "s" / "demo-accounts.json").exists()
