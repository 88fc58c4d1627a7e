"""A YAML (or JSON) file, read so that every value knows its line and column, and no word turns into something else.

YAML 1.1 reads `on`, `off`, `no` as booleans, `18:00` as the number 1080 and `+12025550101` as a number: admins write
rotas, languages and phones, so only JSON's own literals count here, and the rest is text. A key that stands twice is an
error: PyYAML lets the last one win without a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import yaml

from switchboard.config_problems import Problem

if TYPE_CHECKING:
    from pathlib import Path

_MOST_NODES = 50_000
_MERGE = "tag:yaml.org,2002:merge"
_LITERALS = (
    ("tag:yaml.org,2002:bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("tag:yaml.org,2002:null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("tag:yaml.org,2002:int", r"^-?(?:0|[1-9][0-9]*)$", "-0123456789"),
    ("tag:yaml.org,2002:float", r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)(?:[eE][-+]?[0-9]+)?$", "-0123456789"),
    (_MERGE, r"^(?:<<)$", "<"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a file; both count from one."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Source:
    """What stands in a file, where each path begins in it, and what is wrong with the file itself."""

    name: str
    value: object
    problems: list[Problem] = field(default_factory=list[Problem])
    values: dict[str, Place] = field(default_factory=dict[str, Place])
    keys: dict[str, Place] = field(default_factory=dict[str, Place])

    def place_of(self, problem: Problem) -> Place:
        """Return the place of the problem's value or key; what is missing lies where it should stand."""
        if problem.in_key and problem.path in self.keys:
            return self.keys[problem.path]
        path = problem.path
        while path and path not in self.values:
            path = path.rpartition(".")[0]
        return self.values.get(path, Place(1, 1))


def read(path: Path) -> Source:
    """Return the source in *path*; raises OSError when the file cannot be read."""
    return parse(path.read_bytes(), str(path))


def parse(content: bytes, name: str) -> Source:
    """Return what *content* says; when it is no YAML at all, one problem says so and the value is None."""
    try:
        text = content.decode("utf-8-sig")
        loader = _Loader(text)
        return _source(loader, name)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return _unreadable(name, Place(line, 1), "is not UTF-8", "save the file as UTF-8")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
        what = " ".join(part for part in (error.context, error.problem) if part)
        return _unreadable(name, place, f"is not YAML here: {what}", "check the indentation and the quotes")
    except (yaml.YAMLError, RecursionError) as error:
        what = str(error).partition("\n")[0] if isinstance(error, yaml.YAMLError) else "nested too deep"
        return _unreadable(name, Place(1, 1), f"is not YAML: {what}", "compare it with config/example.yaml")


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader, which takes only JSON's literals for other than text."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own


for _tag, _pattern, _first in _LITERALS:
    cast("Any", _Loader).add_implicit_resolver(_tag, re.compile(_pattern), list(_first))


def _source(loader: _Loader, name: str) -> Source:
    node = loader.get_single_node()
    source = Source(name, None)
    if node is None:
        return source
    _Walk(source).visit(node, "", ())
    if "the file" in source.values:
        return source
    value: object = cast("Any", loader).construct_document(node)
    return Source(name, value, source.problems, source.values, source.keys)


class _Walk:
    """Notes the place of every path, and the keys that stand twice."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._left = _MOST_NODES

    def visit(self, node: Any, path: str, above: tuple[Any, ...]) -> None:  # noqa: ANN401 - PyYAML's nodes
        self._left -= 1
        if node in above or self._left < 0:
            what = "an alias that holds itself" if node in above else "more than 50,000 values"
            self._stop(node, f"has {what}", "write the values out")
            return
        self._source.values.setdefault(path, _place(node))
        if isinstance(node, yaml.MappingNode):
            self._visit_mapping(node, path, (*above, node))
        elif isinstance(node, yaml.SequenceNode):
            for number, part in enumerate(node.value):
                self.visit(part, _join(path, str(number)), (*above, node))

    def _visit_mapping(self, node: Any, path: str, above: tuple[Any, ...]) -> None:  # noqa: ANN401 - PyYAML's nodes
        first: dict[str, Place] = {}
        for key, value in node.value:
            if key.tag == _MERGE:
                self._visit_merged(value, path, above)
                continue
            if not isinstance(key, yaml.ScalarNode):
                self._stop(key, "has a key that is no word", "write one word before the colon")
                continue
            here = _join(path, key.value)
            if key.value in first:
                problem = Problem(
                    here,
                    f"stands twice: it is in line {first[key.value].line} already",
                    "put both into one, or remove one",
                    in_key=True,
                )
                self._source.problems.append(problem)
            first.setdefault(key.value, _place(key))
            self._source.keys[here] = _place(key)
            if not isinstance(value, yaml.ScalarNode):
                self._source.values[here] = _place(key)
            self.visit(value, here, above)

    def _stop(self, node: Any, message: str, remedy: str) -> None:  # noqa: ANN401 - PyYAML's nodes
        """Note, once, why the file cannot be read at all."""
        if "the file" not in self._source.values:
            self._source.values["the file"] = _place(node)
            self._source.problems.append(Problem("the file", message, remedy))

    def _visit_merged(self, value: Any, path: str, above: tuple[Any, ...]) -> None:  # noqa: ANN401 - PyYAML's nodes
        for part in value.value if isinstance(value, yaml.SequenceNode) else [value]:
            self.visit(part, path, above)


def _join(path: str, part: str) -> str:
    return f"{path}.{part}" if path else part


def _place(node: Any) -> Place:  # noqa: ANN401 - PyYAML's nodes
    return Place(node.start_mark.line + 1, node.start_mark.column + 1)


def _unreadable(name: str, place: Place, message: str, remedy: str) -> Source:
    return Source(name, None, [Problem("the file", message, remedy)], {"": place, "the file": place})
