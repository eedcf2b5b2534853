"""Joins the services to the bus: commands and page signals in, entities and page messages out."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from cti.bus.messages import Change, Command, Entities, LivePage, PageSignal
from cti.bus.port import BusServer
from cti.calls.facts import JsonValue
from cti.ports.consoles import CommandRefused, Entity
from cti.ports.journal import JournalFailed
from cti.ports.telephony import ActionRefused, InvalidValue, SwitchUnavailable
from cti.services.commands import Asker
from cti.services.core import Core

log = structlog.get_logger("carillon.core")


class BusConsoles:
    """cti.ports.consoles.Consoles on a bus server."""

    def __init__(self, server: BusServer) -> None:
        self._server = server

    def publish(self, changes: Sequence[tuple[str, str, Entity | None]]) -> None:
        """Number and send."""
        self._server.publish_delta([Change(kind, name, value) for kind, name, value in changes])

    def send_page(self, page: str, message: Entity) -> None:
        """To the api that has the page."""
        self._server.send_page(page, message)


class BusHandler:
    """cti.bus.port.CoreHandler on a core."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._apis: set[str] = set()

    def snapshot(self) -> Entities:
        """All entities as they are now."""
        return self._core.board.snapshot()

    async def on_command(self, command: Command) -> JsonValue:
        """Carry out; the answer leaves after the facts are committed."""
        asker = Asker(command.actor.user, command.actor.role, command.actor.agent, command.page)
        try:
            result = await self._core.commands.run(asker, command.name, command.args)
            await self._core.house.recorder.commit()
        except InvalidValue as error:
            raise CommandRefused("invalid_value") from error
        except (SwitchUnavailable, ActionRefused) as error:
            log.warning("command not carried out", action="command_failed", command=command.name, error=str(error))
            raise CommandRefused("switch_away") from error
        except JournalFailed as error:
            raise CommandRefused("core_away") from error
        return result

    def on_page(self, signal: PageSignal) -> None:
        """A page opened, acknowledged, fell silent or went."""
        pages, floor = self._core.pages, self._core.house.floor
        agent = floor.agents.get(signal.agent)
        if signal.signal == "ack":
            pages.acknowledged(signal.page, signal.nonce)
        elif agent is not None and signal.signal == "open":
            pages.opened(agent, signal.page)
        elif agent is not None and signal.signal == "missed":
            pages.missed(agent)
        elif agent is not None and signal.signal == "gone":
            pages.gone(agent, signal.page)
        self._core.house.recorder.commit()

    def on_api(self, api: str, up: bool, pages: Sequence[LivePage]) -> None:
        """With several api workers only the last one's going means that no api is there."""
        if up:
            self._apis.add(api)
            self._core.pages.api_back([(page.page, page.agent) for page in pages if page.agent])
        else:
            self._apis.discard(api)
            if not self._apis:
                self._core.pages.api_away()
        self._core.house.recorder.commit()
