"""AppConfig's validator as the template includes it, made from the config's schema: `python -m local.validator`."""

from __future__ import annotations

import json

from local.toolchain import ROOT
from switchboard_cli.config_schema import schema

PATH = ROOT / "config" / "automation.validator.json"
LONGEST = 32_768
"""AppConfig takes no more characters of schema."""


def validator() -> dict[str, str]:
    """Return the validator; its content is a string, as AppConfig wants it."""
    content = json.dumps(schema(), separators=(",", ":"), sort_keys=True)
    if len(content) > LONGEST:
        raise ValueError(f"AppConfig takes {LONGEST} characters of schema, and this one has {len(content)}")
    return {"Type": "JSON_SCHEMA", "Content": content}


def text() -> str:
    """Return the file's text."""
    return json.dumps(validator(), indent=2) + "\n"


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
    print(f"{PATH.name}: {len(validator()['Content'])} of {LONGEST} characters")
