"""The automation config's JSON schema, as AppConfig's validator takes it: draft 4, at most 32 KB.

Pydantic writes draft 2020-12. https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-creating-configuration-profile-validators.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from switchboard.config import AutomationConfig

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_BYTES = 32 * 1024
_DRAFT = "http://json-schema.org/draft-04/schema#"
_ANNOTATIONS = {"title", "description", "default", "examples", "format"}
_UNDERSTOOD = {
    "$ref", "additionalProperties", "anyOf", "enum", "items", "maxItems", "maxLength", "maximum", "minItems",
    "minLength", "minProperties", "minimum", "pattern", "patternProperties", "properties", "required", "type",
}  # fmt: skip


def schema() -> dict[str, Any]:
    """Return the schema; raises ValueError when the model uses what draft 4 has no word for."""
    modern = AutomationConfig.model_json_schema(mode="validation")
    definitions = {name: _downgraded(part) for name, part in sorted(modern.pop("$defs").items())}
    return {
        "$schema": _DRAFT,
        "title": "Switchboard's automation config",
        **_downgraded(modern),
        "definitions": definitions,
    }


def text() -> str:
    """Return the schema as the file `config/automation.schema.json` holds it: compact, but readable in a diff."""
    whole = schema()
    definitions = whole.pop("definitions")
    lines = [f"  {json.dumps(name)}: {_compact(part)}" for name, part in definitions.items()]
    head = [f" {json.dumps(key)}: {_compact(part)}" for key, part in whole.items()]
    return "{\n" + ",\n".join([*head, ' "definitions": {\n' + ",\n".join(lines) + "\n }"]) + "\n}\n"


def _compact(part: object) -> str:
    return json.dumps(part, separators=(",", ":"))


def _downgraded(part: Any) -> Any:  # noqa: ANN401 - any JSON schema
    """Return *part* in the words of draft 4."""
    if isinstance(part, list):
        return [_downgraded(one) for one in cast("Sequence[object]", part)]
    if not isinstance(part, dict):
        return part
    words = cast("dict[str, Any]", part)
    if "$ref" in words:  # in draft 4 whatever stands beside a reference is ignored
        return {"$ref": str(words["$ref"]).replace("#/$defs/", "#/definitions/")}
    old: dict[str, Any] = {}
    for word, value in words.items():
        old |= _said(word, value)
    return _keyed(words, old)


def _said(word: str, value: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON schema
    """Return what draft 4 says for one *word* of the modern schema."""
    match word:
        case "properties" | "patternProperties":
            return {word: {name: _downgraded(one) for name, one in value.items()}}
        case "const":
            return {"enum": [value]}
        case "exclusiveMinimum" | "exclusiveMaximum":
            return {"minimum" if word == "exclusiveMinimum" else "maximum": value, word: True}
        case "enum" | "required":
            return {word: value}
        case "propertyNames":
            return {}  # `_keyed` says it, together with the values
        case _ if word in _ANNOTATIONS:
            return {}
        case _ if word in _UNDERSTOOD:
            return {word: _downgraded(value)}
        case _:
            raise ValueError(f"{word!r} has no counterpart in draft 4")


def _keyed(part: dict[str, Any], old: dict[str, Any]) -> dict[str, Any]:
    """Return *old*, with keys of a form: draft 4 says it by patternProperties and nothing else allowed."""
    if "patternProperties" in old:
        return old | {"additionalProperties": False}
    if "propertyNames" in part:
        values = old.pop("additionalProperties")
        return old | {"patternProperties": {part["propertyNames"]["pattern"]: values}, "additionalProperties": False}
    return old
