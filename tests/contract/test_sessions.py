"""`ports.Sessions`: what its callers count on, shown on the fake and on DynamoDB's."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from botocore.session import Session as BotocoreSession
from botocore.stub import Stubber

from switchboard.adapters.sessions import DynamoSessions
from switchboard.domain.session import LinkToken, Session
from switchboard.errors import Unavailable
from tests.conftest import EMBEDDED
from tests.fakes.sessions import FakeSessions
from tests.fakes.tables import SHORT_LIVED, create_short_lived_table

if TYPE_CHECKING:
    from switchboard.ports import Sessions

NOW = datetime(2026, 10, 13, 16, 0, tzinfo=UTC)
DIGEST = hashlib.sha256(b"a token").hexdigest()
TOKEN = LinkToken(digest=DIGEST, question_id="Q", staff_id="maria", expires_at=NOW + timedelta(minutes=30))
SESSION = Session(digest=DIGEST, staff_id="maria", csrf_token="c", expires_at=NOW + timedelta(hours=12))


def _client() -> Any:
    return BotocoreSession().create_client(
        "dynamodb", region_name="eu-west-1", aws_access_key_id="test", aws_secret_access_key="test"
    )


@pytest.fixture(params=["fake", "dynamodb", EMBEDDED])
def sessions(request: pytest.FixtureRequest) -> Sessions:
    if request.param == "fake":
        return FakeSessions()
    client: Any = request.getfixturevalue(request.param)
    create_short_lived_table(client)
    return DynamoSessions(client, SHORT_LIVED)


def test_a_token_is_found_any_number_of_times_before_it_is_used(sessions: Sessions) -> None:
    sessions.put_token(TOKEN)

    assert [sessions.find_token(DIGEST, now=NOW) for _ in range(3)] == [TOKEN] * 3


def test_a_token_is_consumed_once(sessions: Sessions) -> None:
    sessions.put_token(TOKEN)

    assert [sessions.consume_token(DIGEST, now=NOW) for _ in range(3)] == [TOKEN, None, None]
    assert sessions.find_token(DIGEST, now=NOW) is None


def test_of_many_callers_at_once_one_gets_the_token(sessions: Sessions) -> None:
    sessions.put_token(TOKEN)

    with ThreadPoolExecutor(16) as pool:
        got = list(pool.map(lambda _: sessions.consume_token(DIGEST, now=NOW), range(32)))

    assert [token for token in got if token is not None] == [TOKEN]


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=1), timedelta(days=1)])
def test_an_expired_token_is_neither_found_nor_consumed(sessions: Sessions, late: timedelta) -> None:
    sessions.put_token(TOKEN)

    assert sessions.find_token(DIGEST, now=TOKEN.expires_at + late) is None
    assert sessions.consume_token(DIGEST, now=TOKEN.expires_at + late) is None
    assert sessions.find_token(DIGEST, now=TOKEN.expires_at - timedelta(seconds=1)) == TOKEN


def test_an_unknown_token_is_none(sessions: Sessions) -> None:
    assert sessions.find_token(DIGEST, now=NOW) is None
    assert sessions.consume_token(DIGEST, now=NOW) is None


def test_a_session_is_found_until_it_expires(sessions: Sessions) -> None:
    sessions.put_session(SESSION)

    assert sessions.find_session(DIGEST, now=SESSION.expires_at - timedelta(seconds=1)) == SESSION
    assert sessions.find_session(DIGEST, now=SESSION.expires_at) is None


def test_an_ended_session_is_gone_and_ending_it_again_is_harmless(sessions: Sessions) -> None:
    sessions.put_session(SESSION)

    sessions.end_session(DIGEST)
    sessions.end_session(DIGEST)

    assert sessions.find_session(DIGEST, now=NOW) is None


def test_a_token_does_not_pass_for_a_session_nor_the_other_way_round(sessions: Sessions) -> None:
    sessions.put_token(TOKEN)
    assert sessions.find_session(DIGEST, now=NOW) is None

    sessions.consume_token(DIGEST, now=NOW)
    sessions.put_session(SESSION)
    assert sessions.find_token(DIGEST, now=NOW) is None


@pytest.mark.parametrize(
    ("operation", "call"),
    [
        ("put_item", lambda store: store.put_token(TOKEN)),
        ("put_item", lambda store: store.put_session(SESSION)),
        ("get_item", lambda store: store.find_token(DIGEST, now=NOW)),
        ("get_item", lambda store: store.find_session(DIGEST, now=NOW)),
        ("update_item", lambda store: store.consume_token(DIGEST, now=NOW)),
        ("delete_item", lambda store: store.end_session(DIGEST)),
    ],
)
def test_a_failing_dynamodb_is_unavailable(operation: str, call: Any) -> None:
    client = _client()
    stubber = Stubber(client)
    stubber.add_client_error(operation, "ProvisionedThroughputExceededException")

    with stubber, pytest.raises(Unavailable):
        call(DynamoSessions(client, SHORT_LIVED))
