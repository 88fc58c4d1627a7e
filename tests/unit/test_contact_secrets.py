"""The contacts that are secrets, as Secrets Manager (moto's) has them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.session import Session
from moto import mock_aws

from switchboard.adapters.contact_secrets import SecretsManagerContacts
from switchboard.adapters.secret_documents import KEEP_SECONDS
from switchboard.errors import Misconfigured, Unavailable
from switchboard.ports import ContactSecret

if TYPE_CHECKING:
    from collections.abc import Iterator

SLACK = "https://hooks.slack.example/services/secret"


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def manager() -> Iterator[Any]:
    with mock_aws():
        yield Session().create_client("secretsmanager", region_name="us-east-1")


def put(manager: Any, document: str) -> None:
    manager.create_secret(Name="stack/contacts/maria", SecretString=document)


def test_a_secret_has_the_three_contacts_and_what_else_it_holds_is_passed_over(manager: Any) -> None:
    put(manager, json.dumps({"slack_url": f" {SLACK}\n", "pagerduty_key": None, "note": "spare"}))

    assert SecretsManagerContacts(manager, "stack/contacts/").of("maria") == ContactSecret(slack_url=SLACK)


def test_an_absent_secret_is_empty(manager: Any) -> None:
    assert SecretsManagerContacts(manager, "stack/contacts/").of("maria") == ContactSecret()


def test_a_secret_is_used_for_five_minutes_and_then_asked_for_again(manager: Any) -> None:
    clock = Clock()
    contacts = SecretsManagerContacts(manager, "stack/contacts/", clock=clock)
    assert contacts.of("maria") == ContactSecret()
    put(manager, json.dumps({"slack_url": SLACK}))

    clock.now += KEEP_SECONDS - 1
    before = contacts.of("maria")
    clock.now += 1
    after = contacts.of("maria")

    assert (before, after) == (ContactSecret(), ContactSecret(slack_url=SLACK))


class Down:
    """Answers once, then fails."""

    def __init__(self, *answers: Any) -> None:
        self._answers = list(answers)

    def get_secret_value(self, *, SecretId: str) -> Any:  # noqa: N803 - AWS's name
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


DENIED: Any = {"Error": {"Code": "AccessDeniedException", "Message": "words"}}
FAILURES = [ClientError(DENIED, "GetSecretValue"), EndpointConnectionError(endpoint_url="https://x.example")]


@pytest.mark.parametrize("failure", FAILURES)
def test_the_last_known_secret_stays_in_use_while_secrets_manager_is_away(failure: Exception) -> None:
    clock = Clock()
    down = Down({"SecretString": json.dumps({"pagerduty_key": "k"})}, failure)
    contacts = SecretsManagerContacts(down, "p/", clock=clock)
    contacts.of("maria")
    clock.now += KEEP_SECONDS

    assert contacts.of("maria") == ContactSecret(pagerduty_key="k")


@pytest.mark.parametrize("failure", FAILURES)
def test_a_secret_that_cannot_be_read_is_not_an_absent_one(failure: Exception) -> None:
    with pytest.raises(Unavailable):
        SecretsManagerContacts(Down(failure), "p/").of("maria")


@pytest.mark.parametrize("document", ["hush", '"hush"', '["hush"]', "", "5", "[" * 100_000])
def test_a_secret_that_is_not_the_json_is_told_without_showing_it(document: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        SecretsManagerContacts(Down({"SecretString": document}), "p/").of("maria")

    assert "hush" not in str(caught.value)
    assert caught.value.__cause__ is None
