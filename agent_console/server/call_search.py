"""What a search of calls means: the calls of the owners that the owner search finds for the same words, by an index and
however old; and those whose number or caller's own name contains it, among the newest SEARCHED that the asker may see.

A piece out of the middle of a text has no index that both databases know, so the texts are read, but never all of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, or_, select

from crm_core.owners import search
from cti.store.models import CallRecord
from storage.cursors import PAGE
from storage.unit_of_work import Session

SEARCHED = 20_000  # calls whose texts are read; a time asked for beside the words moves them there
SHORTEST_NUMBER = 3  # digits; fewer are in every number

Condition = ColumnElement[bool]


async def alternatives(session: Session, words: str, among: Sequence[Condition]) -> list[Condition]:
    """Each finds calls for itself, so that each uses its own index; `among`: what is asked and allowed besides."""
    owners = (await search.search(session, words, None, PAGE)).owners
    theirs = [CallRecord.owner_id.in_(owners)] if owners else []
    return [*theirs, and_(_contains(words), *await _newest(session, among))]


def _contains(words: str) -> Condition:
    texts = [CallRecord.from_name.icontains(words, autoescape=True)]
    digits = "".join(char for char in words if char.isdigit())
    if len(digits) >= SHORTEST_NUMBER:
        texts += [number.contains(digits, autoescape=True) for number in (CallRecord.from_e164, CallRecord.to_number)]
    return or_(*texts)


async def _newest(session: Session, among: Sequence[Condition]) -> list[Condition]:
    """Nothing when there are no more than that."""
    newest_first = select(CallRecord.started_at).where(*among).order_by(CallRecord.started_at.desc(), CallRecord.id.desc())
    last = await session.scalar(newest_first.offset(SEARCHED).limit(1))
    return [] if last is None else [CallRecord.started_at > last]
