"""`carillon switch` with the peers of `call_cost` beside the product's own configuration, which is rendered untouched.

Added to the rendered files of this one instance: a second trunk (callers on 127.0.0.3), a context with a plain `Dial` and a
plain `Queue`, and as many static end points with the settings of the core's plain class. Nothing of it is ever shipped.
"""

from __future__ import annotations

import os
from pathlib import Path

from carillon.cli import switch
from carillon.settings import Settings
from carillon.switch import launch
from carillon.switch.install import Installation
from carillon.switch.render import render
from carillon.switch.secrets import Secrets

CALLERS, AGENTS = "127.0.0.3", "127.0.0.4"

# [n]: a bare n in a pattern is a digit
DIALPLAN = """
[bench]
exten => _be[n]ch!,1,Answer(0,i)
 same => n,Dial(PJSIP/${{EXTEN}},15,g)
 same => n,Hangup()
exten => queue,1,Answer(0,i)
 same => n,Queue(bench,,,,15)
 same => n,Hangup()
"""

TRUNK = """
[bench-trunk]
type = endpoint
context = bench
aors = bench-trunk
identify_by = ip
disallow = all
allow = ulaw,alaw
dtmf_mode = auto
direct_media = no
rtp_symmetric = yes
language = zh
allow_transfer = no
trust_id_inbound = no
allow_overlap = no
send_connected_line = no
media_address = 127.0.0.1
bind_rtp_to_media_address = yes

[bench-trunk]
type = aor
contact = sip:{callers}:5999

[bench-trunk]
type = identify
endpoint = bench-trunk
match = {callers}
"""

AGENT = """
[{name}]
type = endpoint
context = from-agent
aors = {name}
identify_by = username
disallow = all
allow = ulaw
allow_transfer = no
send_connected_line = no
trust_id_inbound = no
direct_media = no
rtp_timeout = 6
dtmf_mode = rfc4733
rtp_symmetric = yes
media_address = 127.0.0.1
bind_rtp_to_media_address = yes

[{name}]
type = aor
contact = sip:{name}@{agents}:{port}
"""

QUEUE = """
[bench]
strategy = rrmemory
timeout = 15
retry = 1
ringinuse = no
joinempty = yes
musicclass = default
"""


def names(count: int) -> list[str]:
    return [f"bench{number:03}" for number in range(count)]


def with_peers(settings: Settings, secrets: Secrets, installation: Installation) -> Path:
    folder, port = render(settings, secrets, installation), int(os.environ["BENCH_AGENTS_PORT"])
    agents = names(int(os.environ["BENCH_AGENTS"]))
    _append(folder / "extensions.conf", DIALPLAN.format())
    ends = [AGENT.format(name=name, agents=AGENTS, port=port) for name in agents]
    _append(folder / "pjsip.conf", TRUNK.format(callers=CALLERS) + "".join(ends))
    _append(folder / "queues.conf", QUEUE + "".join(f"member => PJSIP/{name}\n" for name in agents))
    return folder


def _append(file: Path, text: str) -> None:
    with file.open("a") as stream:
        stream.write(text)


if __name__ == "__main__":
    launch.render = with_peers  # type: ignore[attr-defined]
    switch.run(render=False)
