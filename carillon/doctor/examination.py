"""All checks at once, and what they say together."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from carillon.cli.instance import console_url, trunk_address, trunk_from
from carillon.doctor.configuration import check_configuration
from carillon.doctor.finding import Finding, Level, error
from carillon.doctor.probes import check_console, check_health, check_ivr, check_manager, check_trunk
from carillon.doctor.surroundings import (
    check_disk,
    check_music,
    check_number,
    check_parts,
    check_prompts,
    check_reach,
    pids,
)
from carillon.doctor.words import CHECKS
from carillon.settings import Settings

WHOLE_SECONDS = 8.0
Still = Callable[[Settings], Sequence[Finding]]
Asked = Callable[[Settings], Awaitable[Sequence[Finding]]]
STILL: tuple[Still, ...] = (check_parts, check_configuration, check_number, check_prompts, check_music, check_disk, check_reach)
ASKED: dict[str, Asked] = {
    "manager": check_manager,
    "trunk": check_trunk,
    "ivr": check_ivr,
    "health": check_health,
    "console": check_console,
}


@dataclass(frozen=True, slots=True)
class Examination:
    """`ok`: this instance can take a call now."""

    findings: tuple[Finding, ...]
    addresses: dict[str, str | None]
    pids: dict[str, int | None]

    @property
    def ok(self) -> bool:
        return all(finding.ok for finding in self.findings)


async def examine(settings: Settings) -> Examination:
    """Every check, errors first told of what lies deepest; at most `WHOLE_SECONDS`."""
    asked = await asyncio.gather(*(_in_time(name, check, settings) for name, check in ASKED.items()))
    findings = [finding for check in STILL for finding in check(settings)]
    findings += [finding for answer in asked for finding in answer]
    order = list(CHECKS)
    findings.sort(key=lambda finding: (order.index(finding.check), finding.level is not Level.ERROR))
    host, port = trunk_address(settings)
    addresses = {"console": console_url(settings), "sip_trunk": f"{host}:{port}", "sip_trunk_from": trunk_from(settings)}
    return Examination(tuple(_without_contradiction(findings)), addresses, pids(settings))


async def _in_time(name: str, check: Asked, settings: Settings) -> Sequence[Finding]:
    try:
        async with asyncio.timeout(WHOLE_SECONDS):
            return await check(settings)
    except TimeoutError:
        return [error(name, "too_slow")]


def _without_contradiction(findings: list[Finding]) -> list[Finding]:
    """A check that found something wrong is not also called good."""
    troubled = {finding.check for finding in findings if finding.level is not Level.OK}
    return [finding for finding in findings if finding.level is not Level.OK or finding.check not in troubled]
