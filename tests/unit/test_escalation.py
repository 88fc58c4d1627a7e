from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from switchboard.domain.escalation import SETTLE, Ring, alerts_of, contacts_of, next_ring, recipients
from switchboard.domain.intake import take_in
from switchboard.domain.pager import Pager, mark_dead
from switchboard.domain.question import (
    Alert,
    AlertState,
    Answer,
    AnswerState,
    Change,
    Conversation,
    Question,
    QuestionState,
)
from switchboard.domain.roster import Roster
from switchboard.domain.routing import Asked, route
from switchboard.domain.vocabulary import Category, Urgency
from tests.fakes.hospital import DOCUMENT, NOON, config, message

MINUTE = timedelta(minutes=1)


def opened(text: str = "What are your visiting hours?") -> Conversation:
    change = take_in(Conversation(question_id="Q", pending=(message(text=text),)), config(), now=NOON)
    assert change is not None
    return Conversation(question_id="Q", question=change.question, messages=change.messages)


def with_question(conversation: Conversation, **changes: object) -> Conversation:
    assert conversation.question is not None
    return replace(conversation, question=replace(conversation.question, **changes))  # type: ignore[arg-type]


def rung(conversation: Conversation, *, now: object = NOON) -> Ring:
    ring = next_ring(conversation, Roster(config=config()), now=now)  # type: ignore[arg-type]
    assert isinstance(ring, Ring)
    return ring


def test_a_new_question_rings_the_primary_at_once() -> None:
    ring = rung(opened())

    assert ring.staff_ids == ("maria",)
    assert ring.claim_by == NOON + 15 * MINUTE
    assert ring.change.question.step == 1


def test_the_intent_to_ring_is_stored_with_a_next_action_before_anybody_is_rung() -> None:
    ring = rung(opened())

    assert ring.change.question.next_action_at == NOON + SETTLE
    assert [alert.state for alert in alerts_of(ring, Roster(config=config()), now=NOON)] == [AlertState.SENDING]


def test_nobody_is_rung_before_the_wait_is_over() -> None:
    waiting = with_question(opened(), next_action_at=NOON + 15 * MINUTE)

    assert next_ring(waiting, Roster(config=config()), now=NOON + 14 * MINUTE) is None


def test_after_the_wait_the_next_person_is_rung_and_after_the_last_step_the_first_again() -> None:
    conversation = opened()
    people = []
    for _ in range(4):
        ring = rung(conversation, now=NOON + timedelta(days=1))
        people.append(ring.staff_ids)
        conversation = replace(conversation, question=replace(ring.change.question, next_action_at=NOON))

    assert people == [("maria",), ("james",), ("maria",), ("james",)]


def test_an_emergency_rings_everyone_on_duty_at_once() -> None:
    assert rung(opened("My father is not breathing")).staff_ids == ("maria", "james")


def test_a_claim_that_expires_opens_the_question_and_rings_from_the_first_step() -> None:
    claimed = with_question(
        opened(),
        state=QuestionState.CLAIMED,
        owner="james",
        claimed_until=NOON,
        next_action_at=NOON,
        position=1,
        step=2,
    )

    ring = rung(claimed, now=NOON + MINUTE)

    assert ring.change.question.state is QuestionState.OPEN
    assert ring.change.question.owner == ""
    assert ring.staff_ids == ("maria",)
    assert ring.change.question.step == 3
    assert ring.change.events[0].kind == "claim_expired"


def test_a_claim_that_still_lasts_rings_nobody_and_keeps_a_next_action() -> None:
    until = NOON + 30 * MINUTE
    claimed = with_question(
        opened(), state=QuestionState.CLAIMED, owner="maria", claimed_until=until, next_action_at=NOON
    )

    action = next_ring(claimed, Roster(config=config()), now=NOON)

    assert isinstance(action, Change)
    assert action.question.next_action_at == until


def test_a_claim_of_somebody_who_has_left_the_config_rings_the_team() -> None:
    claimed = with_question(
        opened(),
        state=QuestionState.CLAIMED,
        owner="dana",
        claimed_until=NOON + 30 * MINUTE,
        next_action_at=NOON,
        unseen=True,
    )

    ring = rung(claimed)

    assert ring.change.question.state is QuestionState.OPEN
    assert ring.staff_ids == ("maria",)


def test_news_on_a_claimed_question_rings_its_owner_and_leaves_the_claim() -> None:
    claimed = with_question(
        opened(),
        state=QuestionState.CLAIMED,
        owner="james",
        claimed_until=NOON + 30 * MINUTE,
        next_action_at=NOON,
        unseen=True,
    )

    ring = rung(claimed)

    assert ring.staff_ids == ("james",)
    assert ring.change.question.state is QuestionState.CLAIMED
    assert not ring.change.question.unseen


def test_news_on_a_claim_that_has_just_run_out_rings_the_policy_and_the_owner_not_twice() -> None:
    expired = with_question(
        opened(),
        state=QuestionState.CLAIMED,
        owner="maria",
        claimed_until=NOON - MINUTE,
        next_action_at=NOON,
        unseen=True,
    )

    ring = rung(expired)

    assert ring.change.question.state is QuestionState.OPEN
    assert ring.change.events[0].kind == "claim_expired"
    assert ring.claim_by > NOON


def test_a_hand_over_rings_the_other_person_until_it_is_taken_and_soon_the_policys_as_well() -> None:
    conversation = with_question(opened(), handed_to="chen", next_action_at=NOON)

    people = []
    for number in range(5):
        ring = rung(conversation, now=NOON + number * 16 * MINUTE)
        people.append(ring.staff_ids)
        conversation = replace(conversation, question=replace(ring.change.question, next_action_at=NOON))

    assert people == [("chen",), ("chen",), ("chen", "maria"), ("chen", "james"), ("chen", "maria")]


def test_a_hand_over_to_somebody_who_cannot_be_rung_rings_the_policy() -> None:
    away = Pager(staff_id="chen", away_until=NOON + 60 * MINUTE)
    handed = with_question(opened(), handed_to="chen", next_action_at=NOON)

    ring = next_ring(handed, Roster(config=config(), pagers={"chen": away}), now=NOON)

    assert isinstance(ring, Ring)
    assert ring.staff_ids == ("maria",)
    assert ring.change.question.handed_to == ""


def test_an_alert_whose_outcome_was_never_told_is_unknown_and_the_next_step_rings() -> None:
    lost = Alert(question_id="Q", step=1, staff_id="maria", contact="sms", state=AlertState.SENDING, at=NOON)
    killed = replace(with_question(opened(), step=1, position=1, next_action_at=NOON + SETTLE), alerts=(lost,))

    ring = rung(killed, now=NOON + SETTLE)

    assert ring.change.alerts == (replace(lost, state=AlertState.UNKNOWN),)
    assert ring.staff_ids == ("james",)


def answering(**changes: object) -> Conversation:
    answer = Answer(
        question_id="Q",
        answer_id="1",
        staff_id="maria",
        text="From nine to five.",
        in_reply_to="m1",
        state=AnswerState.PENDING,
        created_at=NOON,
    )
    fields = {"state": QuestionState.ANSWERING, "owner": "maria", "next_action_at": NOON} | changes
    return replace(with_question(opened(), **fields), answers=(answer,))


@pytest.mark.parametrize("until", [NOON - MINUTE, NOON + 30 * MINUTE])
def test_news_does_not_wait_for_an_answer_that_cannot_be_delivered(until: datetime) -> None:
    ring = rung(answering(unseen=True, claimed_until=until))

    assert ring.staff_ids == ("maria",)
    assert ring.change.events[0].kind == "news"
    assert ring.change.question.state is QuestionState.ANSWERING
    assert not ring.change.question.unseen
    assert ring.claim_by >= NOON + 10 * MINUTE


def test_an_answer_under_way_rings_nobody_but_is_looked_at_again() -> None:
    action = next_ring(answering(), Roster(config=config()), now=NOON)

    assert isinstance(action, Change)
    assert action.question.next_action_at is not None
    assert action.question.next_action_at > NOON


@pytest.mark.parametrize("state", [QuestionState.ANSWERED, QuestionState.CLOSED, QuestionState.NO_ANSWER_NEEDED])
def test_a_finished_question_rings_nobody(state: QuestionState) -> None:
    assert (
        next_ring(with_question(opened(), state=state, next_action_at=None), Roster(config=config()), now=NOON) is None
    )


def test_after_so_many_times_through_the_steps_the_last_resort_is_rung_as_well() -> None:
    conversation = opened()
    people = []
    for number in range(7):
        ring = rung(conversation, now=NOON + number * 16 * MINUTE)
        people.append(ring.staff_ids)
        conversation = replace(conversation, question=replace(ring.change.question, next_action_at=NOON))

    maria, james = ("maria",), ("james",)
    assert people == [maria, james, maria, james, ("maria", "chen"), james, ("maria", "chen")]


def test_waits_follow_the_urgency_and_the_business_hours_that_the_question_opened_with() -> None:
    office = [{"days": ["mon", "tue", "wed", "thu", "fri"], "start": "08:00", "end": "12:10"}]
    steps = [{"alert": "primary", "wait": "15m", "waits": {"emergency": "2m"}}]
    house = config(
        business_hours=office, policies=DOCUMENT["policies"] | {"standard": {"steps": steps, "clock": "business"}}
    )
    asked = Asked(
        channel="facebook",
        platform="facebook",
        category=Category.GENERAL,
        urgency=Urgency.NORMAL,
        language="en",
        at=NOON,
    )
    routed = route(house, asked)
    calm = with_question(opened(), steps=routed.steps)
    grave = with_question(opened(), steps=route(house, replace(asked, urgency=Urgency.EMERGENCY)).steps)

    calm_ring = next_ring(calm, Roster(config=house), now=NOON)
    grave_ring = next_ring(grave, Roster(config=house), now=NOON)

    assert isinstance(calm_ring, Ring)
    assert isinstance(grave_ring, Ring)
    assert calm_ring.claim_by == datetime(2026, 10, 14, 12, 5, tzinfo=UTC)  # ten minutes today, five tomorrow
    assert grave_ring.claim_by == NOON + 5 * MINUTE


class TestRecipients:
    def asked(self) -> Question:
        question = opened().question
        assert question is not None
        return question

    def test_who_has_left_the_config_is_passed_over_for_whoever_is_on_duty(self) -> None:
        assert recipients("dana", self.asked(), Roster(config=config()), now=NOON) == ("maria",)

    @pytest.mark.parametrize(
        ("alert", "expected"),
        [("primary", ("james",)), ("secondary", ("james",)), ("everyone", ("james",)), ("maria", ("james",))],
    )
    @pytest.mark.parametrize("why", ["away", "leave", "quiet", "dead"])
    def test_who_cannot_be_rung_is_passed_over_for_the_next_of_the_rota(
        self, alert: str, expected: tuple[str, ...], why: str
    ) -> None:
        staff = dict(DOCUMENT["staff"])
        pager = Pager(staff_id="maria")
        match why:
            case "away":
                pager = replace(pager, away_until=NOON + MINUTE)
            case "leave":
                staff["maria"] = staff["maria"] | {"leave": [{"start": "2026-10-13", "end": "2026-10-13"}]}
            case "quiet":
                staff["maria"] = staff["maria"] | {"quiet": {"start": "12:00", "end": "13:00"}}
            case _:
                for contact, address in (("sms", "+12025550101"), ("email", "maria@example.org")):
                    pager = mark_dead(pager, contact, address, reason="bounced", now=NOON) or pager
        roster = Roster(config=config(staff=staff), pagers={"maria": pager})

        assert recipients(alert, self.asked(), roster, now=NOON) == expected

    def test_an_emergency_rings_through_quiet_hours_and_one_dead_contact_of_two_does_not_silence(self) -> None:
        staff = DOCUMENT["staff"] | {
            "maria": DOCUMENT["staff"]["maria"] | {"quiet": {"start": "22:00", "end": "13:00"}}
        }
        half_dead = mark_dead(Pager(staff_id="maria"), "sms", "+12025550101", reason="opted_out", now=NOON)
        assert half_dead is not None
        roster = Roster(config=config(staff=staff), pagers={"maria": half_dead})
        emergency = replace(self.asked(), urgency=Urgency.EMERGENCY)

        assert recipients("everyone", emergency, roster, now=NOON) == ("maria", "james")
        assert contacts_of("maria", roster) == ("email",)

    def test_when_everybody_is_away_the_last_resort_is_rung_whatever_the_hour(self) -> None:
        gone = {one: Pager(staff_id=one, away_until=NOON + MINUTE) for one in ("maria", "james", "chen")}

        assert recipients("everyone", self.asked(), Roster(config=config(), pagers=gone), now=NOON) == ("chen",)

    def test_round_robin_rings_whose_phone_has_rested_longest(self) -> None:
        pagers = {
            "maria": Pager(staff_id="maria", last_rung_at=NOON - MINUTE),
            "james": Pager(staff_id="james", last_rung_at=NOON - 2 * MINUTE),
        }

        assert recipients("round_robin", self.asked(), Roster(config=config(), pagers=pagers), now=NOON) == ("james",)
        assert recipients("round_robin", self.asked(), Roster(config=config()), now=NOON) == ("maria",)

    def test_the_secondary_is_somebody_else_of_the_rota_when_only_one_is_on_duty(self) -> None:
        day = {"on": ["maria"], "start": "06:00", "end": "18:00"}
        night = {"on": ["james"], "start": "18:00", "end": "06:00"}
        one_at_a_time = config(teams={"social": {"rota": [day, night]}})

        assert recipients("secondary", self.asked(), Roster(config=one_at_a_time), now=NOON) == ("james",)

    def test_a_team_that_is_gone_rings_the_last_resort(self) -> None:
        gone = replace(self.asked(), team="nurses")

        assert recipients("everyone", gone, Roster(config=config()), now=NOON) == ("chen",)

    def test_the_sample_config_is_what_these_tests_say_it_is(self) -> None:
        assert DOCUMENT["last_resort"] == "chen"


def test_however_many_are_on_duty_a_round_fits_one_transaction() -> None:
    crowd = {
        f"staff-{number}": {"name": "Sam Roe", "phone": "+12025550101", "email": "sam@example.org"}
        for number in range(120)
    }
    large = config(staff=DOCUMENT["staff"] | crowd, teams={"social": {"rota": [{"on": ["maria", *crowd]}]}})
    asked = opened("He is not breathing, please help")

    ring = next_ring(asked, Roster(config=large), now=NOON)

    assert isinstance(ring, Ring)
    assert ring.staff_ids[:2] == ("maria", "staff-0")
    lost = len(alerts_of(ring, Roster(config=large), now=NOON))
    outcomes = 2 * lost
    assert max(2 + lost + lost, 1 + outcomes) <= 100


@pytest.mark.parametrize(
    "fields", [{}, {"state": QuestionState.CLAIMED, "owner": "maria", "claimed_until": NOON + 5 * MINUTE}]
)
def test_what_waits_for_a_person_does_not_expire_before_the_next_look(fields: dict[str, object]) -> None:
    soon, late = message(1, expires_at=NOON + MINUTE), message(2, expires_at=NOON + timedelta(days=9))
    waiting = replace(with_question(opened(), next_action_at=NOON, **fields), messages=(soon, late))

    action = next_ring(waiting, Roster(config=config()), now=NOON)

    change = action.change if isinstance(action, Ring) else action
    assert change is not None
    (kept,) = change.messages
    assert kept.expires_at is not None
    assert kept.expires_at > NOON + 15 * MINUTE
    assert kept == replace(soon, expires_at=kept.expires_at)


@pytest.mark.parametrize(("urgency", "expected"), [(Urgency.EMERGENCY, 8), (Urgency.URGENT, 26)])
def test_a_deadline_in_business_hours_is_on_the_wall_for_an_emergency(urgency: Urgency, expected: int) -> None:
    office = [{"days": ["mon", "tue", "wed", "thu", "fri"], "start": "09:00", "end": "15:00"}]
    rest = {"name": "rest", "team": "social", "policy": "standard", "answer_within": "8h", "clock": "business"}
    house = config(business_hours=office, routes=[rest])
    asked = Asked(
        channel="facebook", platform="facebook", category=Category.GENERAL, urgency=urgency, language="en", at=NOON
    )

    assert route(house, asked).answer_by == NOON + timedelta(hours=expected)
