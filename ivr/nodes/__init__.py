"""The kinds of nodes. A node of a flow file has exactly one of these words as a field, which makes it of that kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ivr.node import Node
from ivr.nodes.enqueue import Enqueue
from ivr.nodes.hangup import Hangup
from ivr.nodes.language import Language
from ivr.nodes.menu import Menu
from ivr.nodes.say import Say
from ivr.reading import Fields

KINDS: Mapping[str, Callable[[str, Fields], Node]] = {
    "say": Say.read,
    "menu": Menu.read,
    "language": Language.read,
    "enqueue": Enqueue.read,
    "hangup": Hangup.read,
}
