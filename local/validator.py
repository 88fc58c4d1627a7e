"""AppConfig's validator, made from the automation config's model: `python -m local.validator`.

AppConfig checks every version against it before functions can see it. It knows JSON Schema draft 4 only, and takes at
most 32 KB, so the model's schema (draft 2020-12) is rewritten and loses its prose.
https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-creating-configuration-and-profile-validators.html
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from switchboard.config import AutomationConfig

PATH = Path(__file__).parent.parent / "config" / "automation.validator.json"
LONGEST = 32_768
_PROSE = frozenset({"title", "description", "examples", "default", "format", "discriminator"})
_UNKNOWN = frozenset({"$schema", "propertyNames"})


def validator() -> dict[str, str]:
    """Return the validator as the template includes it; its content is a string, as AppConfig wants it."""
    schema = {"$schema": "http://json-schema.org/draft-04/schema#", **_draft_4(AutomationConfig.model_json_schema())}
    content = json.dumps(schema, separators=(",", ":"), sort_keys=True)
    if len(content) > LONGEST:
        raise ValueError(f"AppConfig takes {LONGEST} characters of schema, and this one has {len(content)}")
    return {"Type": "JSON_SCHEMA", "Content": content}


def _draft_4(schema: Any) -> Any:  # noqa: ANN401 - a JSON schema is any JSON
    match schema:
        case list():
            parts: list[Any] = schema
            return [_draft_4(part) for part in parts]
        case dict():
            words: dict[str, Any] = schema
            new: dict[str, Any] = {}
            for key in words.keys() - _PROSE - _UNKNOWN:
                new |= _word(key, words[key])
            return new
        case _:
            return schema


def _word(key: str, value: Any) -> dict[str, Any]:  # noqa: ANN401
    match key:
        case "$defs":
            return {"definitions": _each(value)}
        case "properties" | "patternProperties":
            return {key: _each(value)}
        case "$ref":
            return {"$ref": value.replace("#/$defs/", "#/definitions/")}
        case "const":
            return {"enum": [value]}
        case "exclusiveMinimum":
            return {"minimum": value, "exclusiveMinimum": True}
        case "exclusiveMaximum":
            return {"maximum": value, "exclusiveMaximum": True}
        case "enum" | "required":
            return {key: value}
        case _:
            return {key: _draft_4(value)}


def _each(named: dict[str, Any]) -> dict[str, Any]:
    return {name: _draft_4(part) for name, part in named.items()}


def text() -> str:
    """Return the file's text."""
    return json.dumps(validator(), indent=2) + "\n"


if __name__ == "__main__":
    PATH.parent.mkdir(exist_ok=True)
    PATH.write_text(text(), encoding="utf-8")
    print(f"{PATH.name}: {len(validator()['Content'])} of {LONGEST} characters")
