"""The process's log: JSON lines, numbers masked, no local variables in a traceback; what libraries log too."""

from __future__ import annotations

import json
import subprocess
import sys

SCRIPT = """
import logging, structlog
from carillon.logs import set_up
set_up("debug", "api")
def broken(password):
    raise RuntimeError("it broke")
try:
    broken("hunter2-hunter2")
except RuntimeError:
    structlog.get_logger("x").exception("failed", action="a", number="+8613800138000")
    logging.getLogger("lib").exception('said "%s" to %s', "quoted", "13800138000")
logging.getLogger("websockets.client").debug("> TEXT 'secret'")
"""


def test_every_line_is_json_without_locals_and_numbers():
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, timeout=60)
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [line["event"] for line in lines] == ["failed", 'said "quoted" to ****8000']
    assert [line["part"] for line in lines] == ["api", "api"]
    assert lines[0]["number"] == "****8000"
    assert all("it broke" in json.dumps(line["exception"]) for line in lines)
    assert "hunter2" not in done.stderr
