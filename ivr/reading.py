"""Reading YAML text into checked values. Text comes in as an argument: whoever calls reads the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from ivr.actions import ANY_KEY
from ivr.errors import FlowError
from ivr.node import Prompt

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")  # of nodes, queues, prompts: what a dialplan and a file name can carry
_REGION = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[a-z]{2}")


class _StrictLoader(yaml.SafeLoader):
    """Safe YAML that refuses a key given twice instead of keeping the last one."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = [key for key in keys if keys.count(key) > 1]
        if twice:
            raise yaml.constructor.ConstructorError(None, None, f"{twice[0]!r} is given twice", node.start_mark)
        return super().construct_mapping(node, deep)


def read_yaml(text: str, file: str) -> Mapping[str, object]:
    """A mapping with text keys, or FlowError."""
    try:
        read = yaml.load(text, _StrictLoader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise FlowError(file, "", "", f"is not YAML: {error}") from None
    return mapping(read, file, "", "")


def mapping(value: object, file: str, node: str, field: str) -> Mapping[str, object]:
    """Keys as text: YAML reads `1:` as a number."""
    if not isinstance(value, dict):
        raise FlowError(file, node, field, "must be a mapping (name: value)")
    if any(isinstance(key, bool) or not isinstance(key, (str, int)) for key in value):
        raise FlowError(file, node, field, "has a key that is neither a word nor a number; put it in quotes")
    return {str(key): each for key, each in value.items()}


class Fields:
    """The fields of one node or file. Each is asked for once by name; `finish` refuses those nobody asked for."""

    def __init__(self, values: Mapping[str, object], file: str, node: str = "") -> None:
        self._values, self._file, self._node = values, file, node
        self._asked: set[str] = set()

    def refuse(self, field: str, problem: str) -> FlowError:
        """The error to raise about a field."""
        return FlowError(self._file, self._node, field, problem)

    def text(self, field: str, default: str | None = None) -> str:
        """A name: small letters, digits, hyphens."""
        return self._name(field, self._get(field, default))

    def words(self, field: str) -> frozenset[str]:
        """A list of names; absent is empty."""
        value = self._get(field, [])
        if not isinstance(value, list):
            raise self.refuse(field, "must be a list of words")
        return frozenset(self._name(field, each) for each in value)

    def language(self, field: str) -> str:
        """Two letters, as in zh."""
        value = self._get(field, None)
        if not isinstance(value, str) or not _LANGUAGE.fullmatch(value):
            raise self.refuse(field, f"must be a language of two letters, as zh; it is {value!r}")
        return value

    def region(self, field: str) -> str:
        """Two capital letters, as in CN; absent is ''."""
        value = self._get(field, "")
        if not isinstance(value, str) or not (value == "" or _REGION.fullmatch(value)):
            raise self.refuse(field, f"must be a region of two capital letters, as CN; it is {value!r}")
        return value

    def number(self, field: str, least: int, most: int, default: int | None = None) -> int:
        """A whole number in [least, most]."""
        value = self._get(field, default)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise self.refuse(field, f"must be a whole number from {least} to {most}; it is {value!r}")
        return value

    def yes(self, field: str) -> bool:
        """Yes or no; absent is no."""
        value = self._get(field, False)
        if not isinstance(value, bool):
            raise self.refuse(field, f"must be yes or no; it is {value!r}")
        return value

    def keys(self, field: str) -> Mapping[str, str]:
        """Telephone keys and the nodes they lead to."""
        found = mapping(self._get(field, None), self._file, self._node, field)
        if not found or any(len(key) != 1 or key not in ANY_KEY for key in found):
            raise self.refuse(field, "must name at least one key of 0-9, * and #, each alone")
        return {key: self._name(field, to) for key, to in found.items()}

    def prompts(self, field: str) -> tuple[Prompt, ...]:
        """One prompt or a list; each a name, or `{prompt: name, language: zh}`."""
        value = self._get(field, None)
        items = value if isinstance(value, list) else [value]
        if not items:
            raise self.refuse(field, "must name at least one prompt")
        return tuple(self._prompt(field, item) for item in items)

    def finish(self) -> None:
        """A misspelt field must not be ignored silently."""
        unknown = sorted(set(self._values) - self._asked)
        if unknown:
            raise self.refuse(unknown[0], "is not known here")

    def _prompt(self, field: str, item: object) -> Prompt:
        if not isinstance(item, dict):
            return Prompt(self._name(field, item))
        parts = Fields(mapping(item, self._file, self._node, field), self._file, self._node)
        prompt = Prompt(parts.text("prompt"), parts.language("language"))
        parts.finish()
        return prompt

    def _get(self, field: str, default: object) -> object:
        self._asked.add(field)
        value = self._values.get(field, default)
        if value is None:
            raise self.refuse(field, "is missing")
        return value

    def _name(self, field: str, value: object) -> str:
        if not isinstance(value, str) or not _NAME.fullmatch(value):
            raise self.refuse(field, f"must be a name of small letters, digits and hyphens; it is {value!r}")
        return value
