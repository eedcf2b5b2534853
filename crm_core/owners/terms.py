"""What an owner can be found by: the starts of the pieces of his name and addresses, each findable by its beginning. Pure.

A range on an index finds `term` from its start; storing every sensible start makes "建国", "3-2-1201" and "Reed" work
without `LIKE '%…%'`, which reads the whole table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from storage.base import key_of

MOST_TERMS = 64  # of one owner; a pasted page of text must not become a thousand rows
LONGEST = 64
# A piece is a run of letters (each Chinese character of a name may start a search) or of digits with their dashes.
_PIECES = re.compile(r"[0-9]+(?:-[0-9]+)*|[^\W\d_]+")
_CJK = re.compile(r"[\u3400-\u9fff]")
AFTER_LAST = "\U0010ffff"


def name_terms(name: str) -> set[str]:
    """周建国 → 周建国, 建国, 国; Daniel Reed → daniel reed, reed."""
    key = key_of(name)
    return {key[start:][:LONGEST] for start in _starts(key, each_character=True)}


def address_terms(address: str) -> set[str]:
    """云栖花园3栋2单元1201 → itself and from 3, 栋, 2, 单元, 1201 on."""
    key = key_of(address)
    return {key[start:][:LONGEST] for start in _starts(key, each_character=False)}


def terms_of(name: str, addresses: Iterable[str]) -> list[str]:
    """Everything an owner is found by, bounded."""
    found = name_terms(name)
    for address in addresses:
        found |= address_terms(address)
    return list(islice(sorted(term for term in found if term), MOST_TERMS))


def words(query: str) -> list[str]:
    """A search's words, at most four: the first leads, the others must match too."""
    return [word[:LONGEST] for word in key_of(query).split()[:4]]


def digits(query: str) -> str:
    """The digits when the search looks like a part of a number (+, spaces, dashes, brackets around at least three), else ''."""
    if re.fullmatch(r"[\d+\s()./-]{3,40}", query.strip()) is None:
        return ""
    found = re.sub(r"\D", "", query)
    return found if len(found) >= 3 else ""


def _starts(key: str, *, each_character: bool) -> Iterable[int]:
    for piece in _PIECES.finditer(key):
        yield piece.start()
        if each_character and _CJK.match(piece.group()):
            yield from range(piece.start() + 1, piece.end())
