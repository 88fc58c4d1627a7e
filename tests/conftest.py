"""What all tests share: an AWS that is never the real one, the deployed stack, and the table of the promises."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from botocore.session import Session
from moto import mock_aws

from tests.prove import PROOF, Proofs, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.stack import Stack


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.stats.get(outcome, ())]
    found = [value for report in reports for name, value in report.user_properties if name == PROOF]
    if found:
        terminalreporter.section("promises")
        for line in table(found):
            terminalreporter.write_line(line)


@pytest.fixture
def proofs(record_property: Any) -> Proofs:
    """Where a test of a promise says how often it tried."""
    return Proofs(record_property)


@pytest.fixture(autouse=True)
def _no_real_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "POWERTOOLS_SERVICE_NAME": "test",
        "POWERTOOLS_METRICS_NAMESPACE": "Switchboard",
    }.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The real template, built and deployed on the embedded AWS, ready for a question. Beside any `make up`."""
    from local import credentials  # noqa: PLC0415 - only these tests need it
    from local.stack import down, up  # noqa: PLC0415

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SWITCHBOARD_LOCAL", ".local/test")
        patch.setenv("SWITCHBOARD_PORT", os.environ.get("SWITCHBOARD_TEST_PORT", "4576"))
        down()
        deployed = up(say=lambda _: None, graph_url="http://127.0.0.1:4571/v23.0")
        credentials.give(deployed)
        yield deployed
        down()


EMBEDDED = pytest.param("embedded_dynamodb", marks=pytest.mark.stack)
"""Beside "fake" and "dynamodb" (moto), for a contract: the embedded AWS."""


@pytest.fixture
def embedded_dynamodb(stack: Stack) -> Iterator[Any]:
    """A client of the embedded AWS's DynamoDB; the tables that a test creates are deleted after it."""
    client = stack.client("dynamodb")
    before = set(client.list_tables()["TableNames"])
    yield client
    for name in set(client.list_tables()["TableNames"]) - before:
        client.delete_table(TableName=name)


@pytest.fixture
def dynamodb() -> Iterator[Any]:
    """A client of moto's DynamoDB, empty."""
    with mock_aws():
        yield Session().create_client("dynamodb", region_name="us-east-1")
