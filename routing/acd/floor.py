"""The agents on the floor: who is idle, indexed by what callers need.

Agents of equal skills share one list of the lines that they can serve, so becoming idle costs one push per such line.
"""

from __future__ import annotations

from collections.abc import Mapping

from routing.acd.line import Line
from routing.acd.parties import Agent


class Floor:
    """Agents and lines. A line exists from the first call that needs its skills on."""

    def __init__(self) -> None:
        self._agents: dict[str, Agent] = {}
        self._lines: dict[frozenset[str], Line] = {}
        self._served: dict[frozenset[str], list[Line]] = {}  # an agent's skills -> the lines he can serve
        self._idle = 0
        self._stamp = 0

    def agent(self, agent: str) -> Agent:
        """The agent, met for the first time or not."""
        found = self._agents.get(agent)
        if found is None:
            found = self._agents[agent] = Agent(agent)
        return found

    def known(self, agent: str) -> Agent | None:
        """The agent, if he was ever told of."""
        return self._agents.get(agent)

    def lines(self) -> list[Line]:
        """All lines, in the order of their first call."""
        return list(self._lines.values())

    def served_by(self, agent: Agent) -> list[Line]:
        """The lines whose callers this agent may be offered."""
        lines = self._served.get(agent.skill_set)
        if lines is None:
            lines = [line for need, line in self._lines.items() if need <= agent.skill_set]
            self._served[agent.skill_set] = lines
        return lines

    def line(self, need: frozenset[str]) -> Line:
        """The line of this need; a new one is filled with the agents who are idle now."""
        line = self._lines.get(need)
        if line is None:
            line = self._lines[need] = Line(need)
            for skill_set, lines in self._served.items():
                if need <= skill_set:
                    lines.append(line)
            for agent in self._agents.values():
                if agent.stamp and need <= agent.skill_set:
                    line.add_agent(agent, self._idle)
        return line

    def set_idle(self, agent: Agent) -> None:
        """Enter him into every line he can serve."""
        self._stamp += 1
        agent.stamp = self._stamp
        self._idle += 1
        for line in self.served_by(agent):
            line.add_agent(agent, self._idle)

    def take(self, agent: Agent) -> None:
        """He is idle no more; his entries die where they are."""
        if agent.stamp:
            agent.stamp = 0
            self._idle -= 1

    def re_skill(self, agent: Agent, skills: Mapping[str, int]) -> None:
        """New skills for an agent who is in no line now."""
        if skills != agent.skills:
            agent.skills = dict(skills)
            agent.skill_set = frozenset(skill for skill, level in skills.items() if level > 0)
