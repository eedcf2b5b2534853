"""The people of the demo company: 20 agents with overlapping skills, 3 hotline engineers, and one of each other role."""

from __future__ import annotations

from dataclasses import dataclass, field

from carillon.seed.words import ADMINISTRATOR, AGENTS, COORDINATOR, ENGINEERS, FIELD_ENGINEER, SUPERVISOR

HOTLINE, SERVICE = "team-hotline", "team-service"
TEAMS = (
    {"id": HOTLINE, "name_zh": "热线一组", "name_en": "Hotline"},
    {"id": SERVICE, "name_zh": "维修服务组", "name_en": "Service"},
)
LANGUAGES = {"zh": 5, "en": 3}
QUEUES = tuple(
    {
        "id": code,
        "name_zh": zh,
        "name_en": en,
        "skills": {code: 1},
        "priority": priority,
        "target_s": 20,
        "short_abandon_s": 5,
        "record": True,
        "team_id": HOTLINE,
        "default_wrap_up_s": 60,
    }
    for code, zh, en, priority in (
        ("repairs", "报修热线", "Repairs", 0),
        ("enquiries", "咨询热线", "Enquiries", 0),
        ("complaints", "投诉热线", "Complaints", 1),
    )
)
ENGINEER_SKILLS = ({"access": 5, "plumbing": 4}, {"lifts": 5, "power": 5}, {"heating": 5, "access": 3})


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One account; `number` only for those who take calls."""

    login: str
    name: str
    role: str
    team: str | None
    number: str = ""
    skills: dict[str, int] = field(default_factory=dict)


def staff() -> list[Member]:
    """Everybody, in a fixed order."""
    return [*_agents(), *_engineers(), *_others()]


def _agents() -> list[Member]:
    """Everybody can take the default queue in both languages; three in five also enquiries, three in ten complaints."""
    return [
        Member(login=f"agent{number}", name=name, role="agent", team=HOTLINE, number=str(number), skills=_skills(place))
        for place, (number, name) in enumerate(zip(range(1024, 1044), AGENTS, strict=True))
    ]


def _skills(place: int) -> dict[str, int]:
    skills = {**LANGUAGES, "repairs": 3 + place % 3}
    if place % 5 < 3:
        skills["enquiries"] = 2 + place % 4
    if place % 10 < 3:
        skills["complaints"] = 3
    return skills


def _engineers() -> list[Member]:
    return [
        Member(
            login=f"engineer{number}",
            name=name,
            role="hotline_engineer",
            team=HOTLINE,
            number=str(number),
            skills={**LANGUAGES, **skills},
        )
        for number, name, skills in zip(range(2001, 2004), ENGINEERS, ENGINEER_SKILLS, strict=True)
    ]


def _others() -> list[Member]:
    return [
        Member(login="coordinator3001", name=COORDINATOR, role="coordinator", team=SERVICE),
        Member(login="field4001", name=FIELD_ENGINEER, role="field_engineer", team=SERVICE),
        Member(login="supervisor5001", name=SUPERVISOR, role="supervisor", team=HOTLINE),
        Member(login="admin", name=ADMINISTRATOR, role="admin", team=None),
    ]
