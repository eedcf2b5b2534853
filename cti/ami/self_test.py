"""At each log-in: may the account do what it must, and nothing that it must not?"""

from __future__ import annotations

from collections.abc import Collection

from cti.ami.connection import AmiConnection
from cti.ports.telephony import TelephonyError

_ENVELOPE = frozenset({"response", "actionid", "message", "content"})


class AccountRefused(TelephonyError):
    """The account of manager.conf may do more than the repository's list, or less than the core needs: do not run."""


async def check_account(connection: AmiConnection, account: str, *, allowed: Collection[str], needed: Collection[str]) -> None:
    """Compare ListCommands of this log-in with the lists. Raises AccountRefused with the difference in words."""
    answer = await connection.action({"Action": "ListCommands"})
    may = {name for name in answer.names() if name not in _ENVELOPE}
    more = may - {name.lower() for name in allowed}
    if more:
        raise AccountRefused(
            f"AMI account {account} may do more than cti/ami/allowed_actions.py lists: {', '.join(sorted(more))}. "
            "Take the classes out of manager.conf."
        )
    less = sorted(name for name in needed if name.lower() not in may)
    if less:
        raise AccountRefused(f"AMI account {account} may not {', '.join(less)}: a module is not loaded, or a class is missing.")
