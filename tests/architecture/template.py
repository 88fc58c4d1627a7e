"""The template as values: CloudFormation's short tags become their long names."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]


class _Loader(yaml.SafeLoader):
    pass


def _intrinsic(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        return {name: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.MappingNode)
    return {name: loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _intrinsic)


@cache
def template() -> dict[str, Any]:
    found = yaml.load((ROOT / "template.yaml").read_text(), _Loader)  # noqa: S506 - a safe loader, with more tags
    assert isinstance(found, dict)
    return found


def resources(kind: str) -> dict[str, dict[str, Any]]:
    """The resources of *kind* by logical id."""
    return {name: found for name, found in template()["Resources"].items() if found["Type"] == kind}


def functions() -> dict[str, dict[str, Any]]:
    """The functions' properties by logical id."""
    return {name: found["Properties"] for name, found in resources("AWS::Serverless::Function").items()}


def statements(role: str) -> list[dict[str, Any]]:
    """Every statement of *role*, both sides of a condition."""
    found: list[dict[str, Any]] = []
    for policy in template()["Resources"][role]["Properties"]["Policies"]:
        for statement in policy["PolicyDocument"]["Statement"]:
            found += statement["Fn::If"][1:] if "Fn::If" in statement else [statement]
    return found
