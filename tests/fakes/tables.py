"""The tables as template.yaml declares them, for adapters under test. Reads the template, so that it cannot drift."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

QUESTIONS = "questions"
POSTS = "posts"
SHORT_LIVED = "short-lived"
_TEMPLATE = Path(__file__).parents[2] / "template.yaml"


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's short tags as plain values."""


_Loader.add_multi_constructor("!", lambda loader, _, node: _plain(loader, node))


def _plain(loader: Any, node: yaml.Node) -> Any:
    match node:
        case yaml.ScalarNode():
            return node.value
        case yaml.SequenceNode():
            return loader.construct_sequence(node, deep=True)
        case _:
            return loader.construct_mapping(node, deep=True)


@cache
def template() -> dict[str, Any]:
    """Return template.yaml as plain values."""
    loaded: dict[str, Any] = yaml.load(_TEMPLATE.read_text(), Loader=_Loader)  # noqa: S506 - a SafeLoader
    return loaded


def create_questions_table(client: Any, name: str = QUESTIONS) -> None:
    """Create the Questions table."""
    _create(client, "QuestionsTable", name)


def create_posts_table(client: Any, name: str = POSTS) -> None:
    """Create the Posts table."""
    _create(client, "PostsTable", name)


def create_short_lived_table(client: Any, name: str = SHORT_LIVED) -> None:
    """Create the ShortLived table."""
    _create(client, "ShortLivedTable", name)


def _create(client: Any, logical_id: str, name: str) -> None:
    declared = template()["Resources"][logical_id]["Properties"]
    wanted = ("AttributeDefinitions", "KeySchema", "BillingMode", "GlobalSecondaryIndexes")
    client.create_table(TableName=name, **{key: declared[key] for key in wanted if key in declared})
