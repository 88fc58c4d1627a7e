"""A config file, checked: every problem with the place where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import yaml

from switchboard.config import check
from switchboard.config_problems import PHONE, Problem
from switchboard_cli.terminal import BadInput
from switchboard_cli.yaml_source import Place, Source, read

if TYPE_CHECKING:
    from pathlib import Path

    from switchboard.config import AutomationConfig


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem and where it stands."""

    file: str
    line: int
    column: int
    path: str
    message: str
    remedy: str

    def line_of_text(self) -> str:
        """Return "file:line:column: path: message; remedy", as compilers and editors write it."""
        return f"{self.file}:{self.line}:{self.column}: {self.path}: {self.message}; {self.remedy}"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file holds: *config* is None exactly when there are *findings*."""

    config: AutomationConfig | None
    findings: list[Finding]


def check_file(path: Path) -> Checked:
    """Return the config in *path* and what is wrong with it; raise BadInput when it cannot be read."""
    try:
        source = read(path)
    except OSError as exc:
        raise BadInput(f"{path}: cannot be read: {exc.strerror}; give a YAML or JSON file") from exc
    return check_source(source)


def check_source(source: Source) -> Checked:
    """Return the config in *source* and what is wrong with it, in the order of its lines."""
    unreadable = any(problem.path == "the file" for problem in source.problems)
    config, problems = (None, []) if unreadable else check(source.value)
    problems = [*source.problems, *problems, *_phones(source.value)]
    findings = [_finding(source.name, source.place_of(problem), problem) for problem in problems]
    findings.sort(key=lambda finding: (finding.line, finding.column))
    return Checked(None if findings else config, findings)


def as_yaml(document: object) -> str:
    """Return *document* as YAML that `yaml_source` and every other reader take the same."""
    text: str = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120)
    return text


def _phones(document: object) -> list[Problem]:
    """Return the phones that have the right form, but that no country gives out."""
    import phonenumbers  # noqa: PLC0415 - slow to import

    staff = _mapping(_mapping(document).get("staff"))
    phones = {staff_id: _mapping(member).get("phone") for staff_id, member in staff.items()}
    return [
        Problem(
            f"staff.{staff_id}.phone",
            "is in E.164, but no country has such a number",
            "look for a digit too many or too few, or a wrong country code",
        )
        for staff_id, phone in phones.items()
        if isinstance(phone, str) and re.fullmatch(PHONE, phone) and not _exists(phonenumbers, phone)
    ]


def _mapping(value: object) -> dict[object, object]:
    return cast("dict[object, object]", value) if isinstance(value, dict) else {}


def _exists(numbers: Any, phone: str) -> bool:  # noqa: ANN401 - phonenumbers has no types
    try:
        return bool(numbers.is_valid_number(numbers.parse(phone, None)))
    except numbers.NumberParseException:
        return False


def _finding(name: str, place: Place, problem: Problem) -> Finding:
    return Finding(name, place.line, place.column, problem.path, problem.message, problem.remedy)
