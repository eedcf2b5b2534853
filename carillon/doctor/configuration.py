"""Does the configuration that Asterisk was started with still say what Settings say?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from carillon.doctor.finding import Finding, error, fine
from carillon.settings import Settings
from carillon.switch.rendered import Sections, UnreadableConfiguration
from carillon.switch.secrets import AMI_CTL_USER, AMI_READ_USER, ARI_USER, Secrets, load_or_create

CHECK = "configuration"
CONTEXTS = (
    *("inbound", "cti-entry", "cti-hold", "cti-ring", "cti-again", "cti-after", "cti-agenthold"),
    *("cti-room-agent", "cti-room-caller", "cti-out", "cti-fallback", "from-agent"),
)
SECRET = frozenset({"secret", "password"})


def check_configuration(settings: Settings) -> list[Finding]:
    """Every difference, or one good finding."""
    folder = settings.switch_dir / "etc"
    wanted = _wanted(settings, load_or_create(settings.secrets_file)) if settings.secrets_file.exists() else {}
    if not wanted:
        return [error(CHECK, "config_missing", file=str(settings.secrets_file))]
    found = [finding for name, values in wanted.items() for finding in _file(folder / name, values)]
    return found or [fine(CHECK)]


def _file(file: Path, wanted: dict[tuple[str, str], str]) -> Iterator[Finding]:
    try:
        sections = Sections(file)
    except FileNotFoundError:
        yield error(CHECK, "config_missing", file=str(file))
        return
    except (UnreadableConfiguration, OSError) as reason:
        yield error(CHECK, "config_broken", file=str(file), reason=" ".join(str(part) for part in reason.args))
        return
    for (section, key), value in wanted.items():
        if section not in sections.names:
            yield error(CHECK, "config_lacks", file=file.name, section=section)
        elif key and (has := sections.first(section, key)) != value:
            shown = ("…", "…") if key in SECRET else (has, value)
            yield error(CHECK, "config_differs", file=file.name, section=section, key=key, found=shown[0], wanted=shown[1])


def _wanted(settings: Settings, secrets: Secrets) -> dict[str, dict[tuple[str, str], str]]:
    first, last = settings.rtp_first_last
    known = asdict(secrets)
    return {
        "manager.conf": {
            ("general", "port"): str(settings.ami_port),
            ("general", "bindaddr"): "127.0.0.1",
            (AMI_READ_USER, "secret"): known["ami_read"],
            (AMI_READ_USER, "write"): "reporting",
            (AMI_CTL_USER, "secret"): known["ami_ctl"],
            (AMI_CTL_USER, "read"): "none",
            (AMI_CTL_USER, "write"): "call,originate,agent",
        },
        "ari.conf": {(ARI_USER, "password"): known["ari"]},
        "http.conf": {
            ("general", "bindaddr"): "127.0.0.1",
            ("general", "bindport"): str(settings.asterisk_http_port),
            ("general", "sessionlimit"): str(settings.sip_sessions),
        },
        "pjsip.conf": {
            ("udp", "bind"): f"{settings.sip_listen}:{settings.sip_port}",
            ("trunk", "context"): "inbound",
            ("trunk", "identify_by"): "ip",
            ("trunk", "match"): settings.trunk_match,
            ("trunk", "contact"): settings.trunk_uri,
        },
        "rtp.conf": {("general", "rtpstart"): str(first), ("general", "rtpend"): str(last)},
        "asterisk.conf": {("options", "systemname"): settings.switch_id},
        "extensions.conf": {(context, ""): "" for context in CONTEXTS},
    }
