"""One frozen Settings, read from the environment once. Every variable is `CARILLON_` + the field's name in capitals.

An instance is found by `CARILLON_STATE` alone: what was chosen at its first start is kept in `settings.json` there.
"""

from __future__ import annotations

import json
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

REMEMBERED = "settings.json"
PORTS_USED = 10  # console, AMI, AGI, Asterisk HTTP, SIP, metrics, and room for what comes


class _Remembered(PydanticBaseSettingsSource):
    """What this instance was started with, `settings.json` in its state directory: so that every command finds it."""

    def __init__(self, settings_cls: type[BaseSettings], given: dict[str, Any], environment: dict[str, Any]) -> None:
        super().__init__(settings_cls)
        self._file = Path(given.get("state") or environment.get("state") or "./var").expanduser() / REMEMBERED

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Not asked one by one: the file is read whole."""
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        try:
            read: dict[str, Any] = json.loads(self._file.read_text())
        except (FileNotFoundError, NotADirectoryError, PermissionError, ValueError):
            return {}
        return {name: value for name, value in read.items() if name in self.settings_cls.model_fields and name != "state"}


class Settings(BaseSettings):
    """All settings of one instance. Unknown `CARILLON_…` variables are ignored; wrong values are one clear sentence at start."""

    model_config = SettingsConfigDict(env_prefix="CARILLON_", frozen=True, extra="ignore")

    state: Path = Field(Path("./var"), description="The one directory that holds all state of this instance.")
    port_base: int = Field(8800, ge=1024, le=65000, description="First of ten ports; all ports follow from it.")
    rtp_range: str = Field("20000-20999", description="UDP ports for media, first-last.")
    region: str = Field(
        "CN", pattern="^[A-Z]{2}$", description="Region of the demo trunk: numbers without a country code are read as its."
    )
    time_zone: str = Field("Asia/Shanghai", description="The site's time zone: its days number the tickets.")
    switch_id: str = Field(
        "sw1", pattern="^[a-z][a-z0-9]{0,15}$", description="This switch's name; prefixes Asterisk's Uniqueid."
    )
    database_url: str = Field("", description="SQLAlchemy URL of the business database; empty: SQLite in the state directory.")
    redis_url: str = Field(
        "", description="Redis for the bus between core and api; empty: the local socket in the state directory."
    )
    listen: str = Field("127.0.0.1", description="Address the console listens on.")
    public_origins: str = Field("", description="Comma-separated origins a browser may come from, besides localhost.")
    tls_cert: Path | None = Field(None, description="Certificate for the console; needed for a microphone on other machines.")
    tls_key: Path | None = Field(None, description="Key of that certificate.")
    external_media_address: str = Field(
        "", description="Address that browsers on other machines send media to; empty: this machine only."
    )
    switch_addresses: str = Field(
        "",
        description="Comma-separated IPv4 addresses of a switch in a container; empty: those of this machine.",
    )
    demo_remote: bool = Field(False, description="Let demo accounts log in from other machines than this one.")
    fallback_numbers: str = Field("", description="Comma-separated numbers rung in the emergency queue when no agent answers.")
    sip_listen: str = Field("127.0.0.1", description="Address the trunk's side listens on.")
    trunk_match: str = Field(
        "127.0.0.2",
        description="Comma-separated addresses or networks the trunk's calls come from; never this machine's 127.0.0.1.",
    )
    trunk_contact: str = Field("", description="SIP URI that outbound calls go to; empty: the demo trunk on this machine.")
    dial_prefixes: str = Field(
        "",
        pattern=r"^(\+[0-9]*(,\+[0-9]*)*)?$",
        description="Comma-separated beginnings of numbers that may be dialled, as +86,+852 (+ is all); empty: the region's.",
    )
    sip_sessions: int = Field(
        2000, ge=100, description="Sessions of Asterisk's HTTP server (its default of 100 is one agent each)."
    )
    ring_seconds: int = Field(15, ge=5, le=120, description="How long an agent rings.")
    wrap_up_seconds: int = Field(60, ge=5, le=3600, description="Wrap-up ends by itself after this.")
    log_level: str = Field("info", pattern="^(debug|info|warning|error)$", description="Least level that is logged.")

    @field_validator("state")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("give a zone's name of the IANA data, as Asia/Shanghai") from None
        return value

    @field_validator("rtp_range")
    @classmethod
    def _range(cls, value: str) -> str:
        first, _, last = value.partition("-")
        if not (first.isdigit() and last.isdigit() and int(first) >= 1024 and int(first) + 99 <= int(last) <= 65535):
            raise ValueError("give two ports of 1024..65535 that are at least 100 apart, as 20000-20999")
        return value

    @field_validator("trunk_match")
    @classmethod
    def _never_the_relay(cls, value: str) -> str:
        relay = ip_address("127.0.0.1")  # a trunk identified by the relay's address would let any logged-in page be the trunk
        try:
            nets = [ip_network(each.strip(), strict=False) for each in value.split(",")]
        except ValueError:
            raise ValueError("give IP addresses or networks, separated by commas") from None
        if any(relay in net for net in nets):
            raise ValueError("the trunk's addresses must not contain 127.0.0.1, where the console's own SIP relay comes from")
        return value

    @model_validator(mode="after")
    def _tls_whole(self) -> Settings:
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ValueError("give CARILLON_TLS_CERT and CARILLON_TLS_KEY together")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then what the instance remembers."""
        del dotenv_settings, file_secret_settings
        environment = EnvSettingsSource(settings_cls)()
        return init_settings, env_settings, _Remembered(settings_cls, init_settings(), environment)

    def remember(self) -> None:
        """Keep what was chosen, for commands that are told the state directory alone. 0600: a database's address may hold a
        password."""
        chosen = self.model_dump(mode="json", include=self.model_fields_set - {"state"})
        self.state.mkdir(parents=True, exist_ok=True)
        draft = self.state / f".{REMEMBERED}"
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(chosen, indent=2, sort_keys=True) + "\n")
        draft.replace(self.state / REMEMBERED)

    @property
    def console_port(self) -> int:
        """HTTP, console socket and SIP relay: the one port a browser needs."""
        return self.port_base

    @property
    def ami_port(self) -> int:
        """Asterisk's manager interface, loopback."""
        return self.port_base + 1

    @property
    def agi_port(self) -> int:
        """The core's FastAGI server, loopback."""
        return self.port_base + 2

    @property
    def asterisk_http_port(self) -> int:
        """Asterisk's HTTP server (SIP WebSocket and ARI), loopback."""
        return self.port_base + 3

    @property
    def sip_port(self) -> int:
        """UDP: the trunk's side, and the loopback-only plain end points."""
        return self.port_base + 4

    @property
    def core_metrics_port(self) -> int:
        """Prometheus metrics of the core, loopback."""
        return self.port_base + 5

    @property
    def trunk_peer_port(self) -> int:
        """UDP: where the demo trunk's far side answers outbound calls, on 127.0.0.2."""
        return self.port_base + 6

    @property
    def trunk_uri(self) -> str:
        """Where outbound calls go."""
        return self.trunk_contact or f"sip:127.0.0.2:{self.trunk_peer_port}"

    @property
    def rtp_first_last(self) -> tuple[int, int]:
        """First and last UDP port of media."""
        first, _, last = self.rtp_range.partition("-")
        return int(first), int(last)

    # ---- where things lie in the state directory --------------------------------------------------------------------

    @property
    def run_dir(self) -> Path:
        """`<part>.json` with pid and ports of supervisor, switch, core, api."""
        return self.state / "run"

    @property
    def bus_socket(self) -> Path:
        """The local socket between core and api."""
        return self.run_dir / "bus.sock"

    @property
    def secrets_file(self) -> Path:
        """AMI, ARI, AGI and session secrets, 0600, made at the first start."""
        return self.state / "secrets.json"

    @property
    def journal_file(self) -> Path:
        """The core's fact journal (SQLite, WAL)."""
        return self.state / "journal.sqlite3"

    @property
    def switch_dir(self) -> Path:
        """Rendered configuration (etc), logs, spool, cdr of Asterisk."""
        return self.state / "switch"

    @property
    def recordings_incoming(self) -> Path:
        """Where Asterisk writes `<call>.raw` (two channels, 16 bit, 8 kHz)."""
        return self.state / "recordings" / "incoming"

    @property
    def recordings_dir(self) -> Path:
        """Final WAV files."""
        return self.state / "recordings" / "final"

    @property
    def demo_accounts_file(self) -> Path:
        """`[{login, password, role}]`, 0600."""
        return self.state / "demo-accounts.json"

    @property
    def database(self) -> str:
        """SQLAlchemy URL (async driver)."""
        return self.database_url or f"sqlite+aiosqlite:///{self.state / 'carillon.sqlite3'}"
