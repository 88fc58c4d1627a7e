"""The tables as template.yaml declares them, for adapters under test."""

from __future__ import annotations

from typing import Any

from tests.architecture.template import template

QUESTIONS = "questions"
POSTS = "posts"
SHORT_LIVED = "short-lived"


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
