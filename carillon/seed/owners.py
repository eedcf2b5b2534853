"""200 owners with addresses, numbers, equipment and warranty; some share a number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from carillon.seed.words import BAYS, EQUIPMENT, FOREIGN, GARDENS, GIVEN, SURNAMES
from crm_core.owners.terms import terms_of
from storage.base import key_of

OWNERS = 200
KNOWN_NUMBER = "+8613800138000"  # `carillon call --from`'s example: one owner
FAMILY_NUMBER = "+8613800138001"  # three owners
LEVELS = ("standard",) * 12 + ("silver",) * 4 + ("gold",) * 3 + ("vip",)
Row = dict[str, Any]


@dataclass(slots=True)
class OwnerRows:
    """Rows by table, in the order they must be written."""

    owners: list[Row] = field(default_factory=list)
    phones: list[Row] = field(default_factory=list)
    properties: list[Row] = field(default_factory=list)
    owner_properties: list[Row] = field(default_factory=list)
    equipment: list[Row] = field(default_factory=list)
    terms: list[Row] = field(default_factory=list)

    def number_of(self, owner: str) -> str:
        """His first number."""
        return next(str(phone["e164"]) for phone in self.phones if phone["owner_id"] == owner)


def make_id(rng: Random) -> str:
    """The same ids for the same seed."""
    return str(UUID(int=rng.getrandbits(128), version=4))


def make_owners(rng: Random, now: datetime) -> OwnerRows:
    """Everything about owners."""
    rows = OwnerRows()
    homes = _homes(rng)
    for place in range(OWNERS):
        owner = make_id(rng)
        name = _name(rng, place)
        garden, district, address = next(homes)
        _add_owner(rows, owner, name, rng.choice(LEVELS), district, now - timedelta(days=rng.randint(30, 2200)))
        _add_phones(rows, rng, owner, place)
        addresses = _add_homes(rows, rng, owner, f"{garden} {address}", district, place)
        rows.terms += [{"term": term, "owner_id": owner} for term in terms_of(name, addresses)]
        _add_equipment(rows, rng, owner, now)
    return rows


def _name(rng: Random, place: int) -> str:
    if place == 0:
        return "周建国"  # the owner of the example call
    if place % 33 == 32:
        return FOREIGN[place // 33 % len(FOREIGN)]
    return rng.choice(SURNAMES) + rng.choice(GIVEN)


def _homes(rng: Random) -> Iterator[tuple[str, str, str]]:
    flats = [
        (garden, district, f"{building} 栋 {unit} 单元 {floor}{door:02d}")
        for garden, district in GARDENS
        for building in range(1, 8)
        for unit in (1, 2)
        for floor in range(2, 18)
        for door in (1, 2)
    ]
    yield ("云栖花园", "西二区", "3 栋 2 单元 1201")
    yield from rng.sample(flats, len(flats))


def _add_owner(rows: OwnerRows, owner: str, name: str, level: str, district: str, since: datetime) -> None:
    rows.owners.append(
        {
            "id": owner,
            "name": name,
            "name_key": key_of(name),
            "level": level,
            "district": district,
            "note": "",
            "created_at": since,
            "updated_at": since,
            "version": 1,
        }
    )


def _add_phones(rows: OwnerRows, rng: Random, owner: str, place: int) -> None:
    numbers = [_first_number(place)]
    if place % 3 == 0:
        numbers.append(f"+861390000{2000 + place}")
    for position, number in enumerate(numbers):
        rows.phones.append(
            {
                "id": make_id(rng),
                "owner_id": owner,
                "e164": number,
                "backwards": number[::-1],
                "raw": number,
                "label": ("手机", "家人")[position],
                "is_primary": position == 0 and place not in (2, 3),
            }
        )


def _first_number(place: int) -> str:
    if place == 0:
        return KNOWN_NUMBER
    if place in (1, 2, 3):
        return FAMILY_NUMBER
    # Every tenth shares the number of the one before: couples, tenants, a caretaker.
    return f"+861380000{1000 + (place - 1 if place % 10 == 5 else place)}"


def _add_homes(rows: OwnerRows, rng: Random, owner: str, address: str, district: str, place: int) -> list[str]:
    addresses = [address]
    if place % 4 == 0:
        addresses.append(rng.choice(BAYS).format(place + 1))
    relation = "tenant" if place % 9 == 8 else "owner"
    since = (datetime(2014, 1, 1, tzinfo=UTC) + timedelta(days=rng.randint(0, 4300))).date()
    for each in addresses:
        home = make_id(rng)
        rows.properties.append({"id": home, "address": each, "address_key": key_of(each), "district": district})
        rows.owner_properties.append({"owner_id": owner, "property_id": home, "relation": relation, "since": since})
    return addresses


def _add_equipment(rows: OwnerRows, rng: Random, owner: str, now: datetime) -> None:
    home = next(row["property_id"] for row in reversed(rows.owner_properties) if row["owner_id"] == owner)
    for name, model in rng.sample(EQUIPMENT, rng.randint(1, 3)):
        rows.equipment.append(
            {
                "id": make_id(rng),
                "owner_id": owner,
                "property_id": home,
                "name": name,
                "model": model,
                "warranty_until": (now + timedelta(days=rng.randint(-500, 900))).date() if rng.randrange(6) else None,
            }
        )
