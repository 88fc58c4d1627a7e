"""The template and `settings.py` say the same: whoever adds a setting to one is told about the other."""

from __future__ import annotations

import ast
from dataclasses import fields

import pytest

from switchboard import settings
from switchboard.errors import Misconfigured
from tests.architecture.template import ROOT, functions

READ_BY = {
    "AuditQuestionsFunction": settings.AuditQuestions,
    "EscalateQuestionsFunction": settings.Ringing,
    "InboxFunction": settings.Inbox,
    "NotifyStaffFunction": settings.Ringing,
    "PauseStalePostsFunction": settings.PauseStalePosts,
    "PollChannelsFunction": settings.PollChannels,
    "PublishDuePostsFunction": settings.PublishDuePosts,
    "ReceiveSmsFunction": settings.Ringing,
    "ReceiveReceiptsFunction": settings.ReceiveReceipts,
    "ReadCalendarsFunction": settings.ReadCalendars,
    "ReceiveWebhookFunction": settings.ReceiveWebhook,
    "ReportCoverageFunction": settings.ReportCoverage,
    "SettleHoldsFunction": settings.SettleHolds,
    "PauseAllPostsFunction": settings.PauseAllPosts,
    "SendAnswersFunction": settings.SendAnswers,
}


def test_every_function_has_settings() -> None:
    assert set(READ_BY) == set(functions())


@pytest.mark.parametrize("name", sorted(READ_BY))
def test_the_template_sets_what_the_function_reads_and_nothing_else(name: str) -> None:
    given = set(functions()[name]["Environment"]["Variables"])
    read = {field.name.upper() for field in fields(READ_BY[name])}

    assert {variable for variable in given if not variable.startswith("POWERTOOLS_")} == read


@pytest.mark.parametrize("name", sorted(READ_BY))
def test_the_function_reads_the_settings_that_are_its_own(name: str) -> None:
    app = ROOT / "functions" / functions()[name]["Handler"].split(".")[1] / "app.py"

    assert f"settings.{READ_BY[name].__name__}.read()" in app.read_text()


def test_a_missing_setting_is_named_and_no_value_is_printed() -> None:
    environment = {"POSTS_TABLE": "secret-value", "QUESTIONS_TABLE": ""}

    with pytest.raises(Misconfigured) as refused:
        settings.PauseStalePosts.read(environment)

    assert "APPCONFIG_APPLICATION" in str(refused.value)
    assert "QUESTIONS_TABLE" in str(refused.value)
    assert "secret-value" not in str(refused.value)


def test_nobody_else_reads_the_environment() -> None:
    readers = [
        str(path.relative_to(ROOT))
        for folder in ("functions", "layers/switchboard/switchboard")
        for path in (ROOT / folder).rglob("*.py")
        if path.name != "settings.py" and _reads_the_environment(ast.parse(path.read_text()))
    ]

    assert readers == []


def _reads_the_environment(tree: ast.AST) -> bool:
    return any(
        (isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"})
        or (isinstance(node, ast.alias) and node.name in {"environ", "getenv"})
        for node in ast.walk(tree)
    )
