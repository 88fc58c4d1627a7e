"""The opt-out list: who stands on it is marked and told once, who does not any more is alive again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from botocore.session import Session
from botocore.stub import Stubber
from moto import mock_aws

from functions.audit_questions.app import audit_contacts
from switchboard.adapters.sms import EndUserMessagingTexts, SnsTexts
from switchboard.errors import Misconfigured
from switchboard.verbs.dead_contacts import check_phones, mark_dead, try_chats_again
from tests.fakes.automation import FakeAutomation
from tests.fakes.hospital import NOON, config
from tests.fakes.metrics import FakeMetrics
from tests.fakes.pagers import FakePagers
from tests.fakes.texts import FakeMail

MARIA = "+12025550101"


def check(opted_out: set[str], pagers: FakePagers, mail: FakeMail) -> int:
    return check_phones(
        opted_out, store=pagers, config=config(admins=["james"]), mail=mail, metrics=FakeMetrics(), now=NOON
    )


def test_a_phone_on_the_list_is_marked_and_told_once_and_alive_when_it_is_taken_off() -> None:
    pagers, mail = FakePagers(), FakeMail()

    assert check({MARIA, "+12025550177"}, pagers, mail) == 1
    assert check({MARIA}, pagers, mail) == 0
    assert pagers["maria"].is_dead("sms", MARIA)
    assert [subject for _, subject, _ in mail.sent] == ["Mercy Social: maria cannot be reached by sms"]
    assert "START" in mail.sent[0][2]

    assert check(set(), pagers, mail) == 0
    assert not pagers["maria"].is_dead("sms", MARIA)


def test_a_phone_that_is_dead_for_another_reason_stays_dead() -> None:
    pagers, mail = FakePagers(), FakeMail()

    mark_dead(pagers, "maria", "sms", MARIA, reason="invalid_number", now=NOON)

    check(set(), pagers, mail)

    assert pagers["maria"].is_dead("sms", MARIA)


def test_the_lists_of_both_providers_are_read_whole() -> None:
    with mock_aws():
        sns: Any = Session().create_client("sns", region_name="us-east-1")
        assert MARIA not in SnsTexts(sns).opted_out_phones()
    client: Any = Session().create_client("pinpoint-sms-voice-v2", region_name="us-east-1")
    number = {"OptedOutNumber": MARIA, "OptedOutTimestamp": NOON, "EndUserOptedOut": True}
    with Stubber(client) as stub:
        stub.add_response(
            "describe_opt_out_lists",
            {"OptOutLists": [{"OptOutListArn": "a", "OptOutListName": "Default", "CreatedTimestamp": NOON}]},
        )
        stub.add_response("describe_opted_out_numbers", {"OptedOutNumbers": [number]}, {"OptOutListName": "Default"})
        assert EndUserMessagingTexts(client, origination="+12025550199").opted_out_phones() == {MARIA}


class _Lists:
    def __init__(self, *answers: set[str] | Exception) -> None:
        self._answers = list(answers)

    def opted_out_phones(self) -> set[str]:
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_the_audit_looks_at_the_list_and_at_one_that_cannot_be_read_the_next_time() -> None:
    pagers, mail, lists = FakePagers(), FakeMail(), _Lists(Misconfigured("no permission"), {MARIA})
    ports: dict[str, Any] = {
        "opt_outs": lists,
        "pagers": pagers,
        "automation": FakeAutomation(config()),
        "mail": mail,
        "metrics": FakeMetrics(),
        "now": NOON,
    }

    assert audit_contacts(**ports) == 0
    assert audit_contacts(**ports) == 1
    assert pagers["maria"].is_dead("sms", MARIA)


def test_a_chat_that_did_not_work_is_tried_again_after_a_day() -> None:
    pagers = FakePagers()
    mark_dead(pagers, "maria", "slack", "slack", reason="gone", now=NOON)
    mark_dead(pagers, "maria", "email", "maria@example.org", reason="bounced", now=NOON)

    try_chats_again(store=pagers, config=config(), now=NOON + timedelta(hours=23))
    assert pagers["maria"].is_dead("slack", "slack")
    try_chats_again(store=pagers, config=config(), now=NOON + timedelta(hours=24))

    assert not pagers["maria"].is_dead("slack", "slack")
    assert pagers["maria"].is_dead("email", "maria@example.org")
