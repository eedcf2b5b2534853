"""This machine's IPv4 addresses, for ICE: Asterisk offers a browser each of its interfaces, never 127.0.0.1 by itself."""

from __future__ import annotations

import re
from ipaddress import IPv4Address
from pathlib import Path


def local_ipv4(fib_trie: Path = Path("/proc/net/fib_trie")) -> list[IPv4Address]:
    """Addresses of the machine's own interfaces, without loopback and link-local.

    Read from the kernel's routing trie: a fresh Debian has no `ip` command, and a name look-up may know fewer.
    """
    found = re.findall(r"\|-- (\d+\.\d+\.\d+\.\d+)\n\s+/32 host LOCAL", fib_trie.read_text())
    every = sorted({IPv4Address(each) for each in found})
    return [each for each in every if not each.is_loopback and not each.is_link_local]
