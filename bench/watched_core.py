"""`carillon core` as a bench runs it: the same process with a sampler in it (BENCH_SAMPLES names its file), and, when
BENCH_SHORT_IVR is set, an IVR that says nothing and asks nothing, since the peers do not speak to the caller either.
"""

from __future__ import annotations

import os
from pathlib import Path

from bench.sampler import Sampler
from carillon.cli import core
from carillon.core import wiring
from carillon.switch.prompts import SOURCE
from ivr.house import Ivr, read_ivr

FLOW = {
    "main.yaml": "flow: main\nlanguage: zh\nstart: default\nnodes:\n  default: {enqueue: default}\n",
    "numbers.yaml": "other: {flow: main, queue: repairs}\n",
}


def silent_ivr(queues: list[str]) -> Ivr:
    assert SOURCE.exists()
    return read_ivr(FLOW, queues, ["notice"])


if __name__ == "__main__":
    if os.environ.get("BENCH_SAMPLES"):
        Sampler(Path(os.environ["BENCH_SAMPLES"])).install()
    if os.environ.get("BENCH_SHORT_IVR"):
        wiring.load_ivr = silent_ivr  # type: ignore[attr-defined]
    core.run()
