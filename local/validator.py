"""AppConfig's validator, made from the automation config's model: `python -m local.validator`.

AppConfig checks every version against it before functions can see it. It knows JSON Schema draft 4 only, and takes at
most 32 KB, so the model's schema (draft 2020-12) is rewritten and loses its prose.
https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-creating-configuration-and-profile-validators.html
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypeAlias

from switchboard.config import AutomationConfig

Json: TypeAlias = dict[str, "Json"] | list["Json"] | str | float | bool | None

PATH = Path(__file__).parent.parent / "config" / "automation.validator.json"
LONGEST = 32_768
_PROSE = frozenset({"title", "description", "examples", "default", "format", "discriminator"})
_UNKNOWN = frozenset({"$schema", "propertyNames"})


def validator() -> dict[str, str]:
    """Return the validator as the template includes it; its content is a string, as AppConfig wants it."""
    schema = {"$schema": "http://json-schema.org/draft-04/schema#", **_each_word(AutomationConfig.model_json_schema())}
    content = json.dumps(schema, separators=(",", ":"), sort_keys=True)
    if len(content) > LONGEST:
        raise ValueError(f"AppConfig takes {LONGEST} characters of schema, and this one has {len(content)}")
    return {"Type": "JSON_SCHEMA", "Content": content}


def _draft_4(schema: Json) -> Json:
    match schema:
        case list():
            return [_draft_4(part) for part in schema]
        case dict():
            return _each_word(schema)
        case _:
            return schema


def _each_word(schema: dict[str, Json]) -> dict[str, Json]:
    new: dict[str, Json] = {}
    for key, value in schema.items():
        if key not in _PROSE | _UNKNOWN:
            new |= _word(key, value)
    return new


def _word(key: str, value: Json) -> dict[str, Json]:
    match key, value:
        case "$defs", dict():
            return {"definitions": _each(value)}
        case (("properties" | "patternProperties"), dict()):
            return {key: _each(value)}
        case "$ref", str():
            return {"$ref": value.replace("#/$defs/", "#/definitions/")}
        case "const", _:
            return {"enum": [value]}
        case "exclusiveMinimum", _:
            return {"minimum": value, "exclusiveMinimum": True}
        case "exclusiveMaximum", _:
            return {"maximum": value, "exclusiveMaximum": True}
        case (("enum" | "required"), _):
            return {key: value}
        case _:
            return {key: _draft_4(value)}


def _each(named: dict[str, Json]) -> dict[str, Json]:
    return {name: _draft_4(part) for name, part in named.items()}


def text() -> str:
    """Return the file's text."""
    return json.dumps(validator(), indent=2) + "\n"


if __name__ == "__main__":
    PATH.parent.mkdir(exist_ok=True)
    PATH.write_text(text(), encoding="utf-8")
    print(f"{PATH.name}: {len(validator()['Content'])} of {LONGEST} characters")
