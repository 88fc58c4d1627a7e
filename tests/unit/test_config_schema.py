"""The JSON schema that AppConfig validates with: draft 4, small, and of one mind with the model."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from switchboard.config import check
from switchboard_cli.config_file import check_file
from switchboard_cli.config_push import document_of
from switchboard_cli.config_schema import MOST_BYTES, schema, text
from switchboard_cli.yaml_source import read
from tests.fakes.hospital import DOCUMENT, config

CONFIGS = Path(__file__).parents[2] / "config"
YAMLS = sorted(CONFIGS.glob("*.yaml"))


def errors_of(document: object) -> list[str]:
    return [error.message for error in Draft4Validator(schema()).iter_errors(document)]


def words_of(part: object) -> set[str]:
    """Return every word of JSON schema that stands in *part*, without the names of properties."""
    if isinstance(part, list):
        return set().union(*map(words_of, part))
    if not isinstance(part, dict):
        return set()
    found = set(part)
    for word, value in part.items():
        named = word in {"properties", "patternProperties", "definitions"}
        found |= set().union(*map(words_of, value.values())) if named else words_of(value)
    return found


def test_the_schema_in_the_repository_is_the_models() -> None:
    assert (CONFIGS / "automation.schema.json").read_text() == text(), (
        "run: switchboard config schema > config/automation.schema.json"
    )


def test_the_schema_is_draft_4_and_nothing_later() -> None:
    Draft4Validator.check_schema(schema())

    later = {"const", "$defs", "prefixItems", "propertyNames", "if", "contains", "examples", "format", "$id"}
    assert not words_of(schema()) & later
    assert schema()["$schema"] == "http://json-schema.org/draft-04/schema#"
    assert json.loads(text()) == schema()


def test_the_schema_fits_into_appconfigs_limit() -> None:
    assert len(text().encode()) < MOST_BYTES // 2


def test_every_reference_leads_to_a_definition_and_stands_alone() -> None:
    whole = schema()

    def visit(part: Any) -> None:
        if isinstance(part, list):
            for one in part:
                visit(one)
        elif isinstance(part, dict):
            if isinstance(part.get("$ref"), str):
                assert set(part) == {"$ref"}
                assert part["$ref"].removeprefix("#/definitions/") in whole["definitions"]
            for one in part.values():
                visit(one)

    visit(whole)


@pytest.mark.parametrize("path", YAMLS, ids=lambda path: path.name)
def test_the_configs_in_the_repository_are_valid_as_written_and_as_pushed(path: Path) -> None:
    checked = check_file(path)

    assert checked.findings == []
    assert checked.config is not None
    assert errors_of(read(path).value) == []
    assert errors_of(json.loads(document_of(checked.config))) == []


@pytest.mark.parametrize("path", YAMLS, ids=lambda path: path.name)
def test_other_yaml_readers_read_the_configs_in_the_repository_the_same(path: Path) -> None:
    import yaml  # noqa: PLC0415

    assert yaml.safe_load(path.read_text()) == read(path).value


WRONG = {
    "an unknown key": ("staf", {}),
    "an unknown key below": ("staff.maria.pager", "1"),
    "a key that is no id": ("staff.Maria", {"name": "M", "phone": "+12025550101"}),
    "a phone that is not E.164": ("staff.maria.phone", "202-555-0101"),
    "a number for a phone": ("staff.maria.phone", 12025550101),
    "a word for a switch": ("switches.publish_posts", "off"),
    "a text for a number": ("channels.website.retention_days", "90"),
    "a number out of bounds": ("channels.website.retention_days", 0),
    "an unknown platform": ("channels.website.platform", "fax"),
    "no duration": ("claims.normal", "soon"),
    "a number for a duration": ("claims.normal", 15),
    "no rota": ("teams.social.rota", []),
    "no time of day": ("teams.social.rota.0.start", "24:30"),
    "no day": ("teams.social.rota.0.days", ["monday"]),
    "a word for people on duty": ("teams.social.rota.0.on", "maria"),
    "nobody in a rotation": ("teams.social.rota.0.rotation", {"members": [], "since": "2026-10-05T08:00"}),
    "a rotation without a beginning": ("teams.social.rota.0.rotation", {"members": ["maria"]}),
    "an unknown word for holidays": ("teams.social.rota.0.holidays", "always"),
    "no one in an override": ("teams.social.overrides", [{"start": "2026-10-05T08:00", "end": "2026-10-06T08:00"}]),
    "a day for a moment": (
        "teams.social.overrides",
        [{"start": "2026-10-05", "end": "2026-10-06T08:00", "on": ["maria"]}],
    ),
    "a day as others write it": ("staff.maria.leave", [{"start": "24.12.2026", "end": "2026-12-26"}]),
    "quiet hours without an end": ("staff.maria.quiet", {"start": "22:00"}),
    "a holiday without a name": ("holidays", [{"day": "2026-12-25"}]),
    "hours on no day": ("business_hours", [{"days": []}]),
    "a calendar that is read in the open": ("calendars.clinic", {"url": "http://calendar.example.org/rota.ics"}),
    "an unknown clock": ("policies.standard.clock", "office"),
    "a wait for an unknown urgency": ("policies.standard.steps.0.waits", {"soon": "5m"}),
    "no budget": ("sms.monthly_budget_usd", 0),
    "so few texts a day that nobody is rung": ("sms.daily_per_person", 4),
    "a rule without phrases": ("triage.rules", [{"name": "flu", "phrases": [], "category": "clinical"}]),
    "an unknown category": ("routes.0.when.categories", ["weather"]),
    "no routes": ("routes", []),
    "too many steps": ("policies.standard.steps", [{"alert": "primary", "wait": "5m"}] * 21),
    "letters that a text cannot carry": ("organisation", "Hôpital"),
    "nothing": ("zone", None),
}


def with_(path: str, value: object) -> Any:
    document: Any = copy.deepcopy(DOCUMENT)
    *parents, last = path.split(".")
    place = document
    for part in parents:
        place = place[int(part)] if isinstance(place, list) else place.setdefault(part, {})
    place[last] = value
    return document


@pytest.mark.parametrize(("path", "value"), WRONG.values(), ids=WRONG)
def test_what_the_schema_refuses_the_check_refuses_too(path: str, value: object) -> None:
    document = with_(path, value)

    assert errors_of(document)
    assert check(document)[0] is None


@pytest.mark.parametrize(
    "key", ["organisation", "zone", "channels", "staff", "teams", "policies", "routes", "last_resort"]
)
def test_what_is_required_is_required_by_both(key: str) -> None:
    document = {name: value for name, value in DOCUMENT.items() if name != key}

    assert errors_of(document)
    assert check(document)[0] is None


def test_what_is_pushed_has_every_default_written_out() -> None:
    pushed = json.loads(document_of(config()))

    assert errors_of(pushed) == []
    assert pushed["channels"]["website"]["retention_days"] == 90
    assert pushed["claims"]["normal"] == "4h"
    assert "null" not in document_of(config())
