"""What a staff member texts is done, and they are told how it stands.

Authority is the sender's number and the code that this phone was given: nobody can name another's question. A text that
comes twice is done once; a stranger's is never answered.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from switchboard.domain import pager as pagers
from switchboard.domain import pager_codes
from switchboard.domain.handling import Refusal, claim, close, news_since_told, pass_on
from switchboard.domain.texting import (
    MOST_PASSIVE,
    clock,
    help_text,
    initial,
    listed,
    one_segment,
    parse,
)
from switchboard.errors import Conflict, SwitchboardError, Unreachable
from switchboard.verbs.attend import attend
from switchboard.verbs.dead_contacts import dead_contact, mark_dead
from switchboard.verbs.paging import ATTEMPTS, make_link, most_urgent, numbers_of_others
from switchboard.verbs.reaching import Reaching
from switchboard.verbs.tell_admins import tell_admins
from switchboard.verbs.text_crisis import CrisisByText, ask_to_pause, confirm_pause

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from switchboard.config import AutomationConfig
    from switchboard.domain.pager import Pager
    from switchboard.domain.question import Change, Conversation, Question
    from switchboard.domain.texting import Command
    from switchboard.ports import CrisisStore
    from switchboard.verbs.switchroom import Switchroom


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingText:
    """A text as the provider brought it: *sender* in E.164; *text_id* is the same when it is brought again."""

    text_id: str
    sender: str
    body: str


@dataclass(frozen=True, slots=True)
class _Reply:
    """What is answered; *passive* when the text meant nothing to us."""

    text: str
    passive: bool = False


def text_back(incoming: IncomingText, room: Switchroom, *, crises: CrisisStore, now: datetime) -> str:
    """Do what *incoming* asks and answer it; return what was done, in a word, for the log.

    Raises Unavailable when the store does not answer: the provider brings the text again.
    """
    config = room.automation.current()
    staff_ids = [one for one, member in config.staff.items() if member.phone == incoming.sender]
    if not staff_ids:
        room.metrics.count("TextReceived", verb="stranger")
        return "stranger"
    command = parse(incoming.body)
    pager = _whose(room, staff_ids, command)
    if incoming.text_id in pager.heard:
        return "heard_before"
    room.metrics.count("TextReceived", verb=command.verb)
    desk = _Desk(room=room, crises=crises, config=config, staff_id=pager.staff_id, phone=incoming.sender, now=now)
    if command.verb == "opted_out":
        desk.opted_out()
        _remember(room, pager.staff_id, incoming.text_id, passive=None)
        return command.verb
    desk.alive(again=command.verb == "opted_in")
    reply = desk.do(command, pager)
    silent = _remember(room, pager.staff_id, incoming.text_id, passive=reply.passive)
    if silent:
        return f"{command.verb}_unanswered"
    desk.say(reply.text)
    return command.verb


def _whose(room: Switchroom, staff_ids: list[str], command: Command) -> Pager:
    """Return the pager of whoever texts: of several with one phone, the one who was given the code."""
    found = room.pagers.load(staff_ids)
    for staff_id in staff_ids:
        if command.named and any(str(code.number) == command.named for code in found[staff_id].codes):
            return found[staff_id]
    return found[staff_ids[0]]


def _remember(room: Switchroom, staff_id: str, text_id: str, *, passive: bool | None) -> bool:
    """Remember the text, and how many in a row nothing could be done with; return whether to keep silent."""
    for _ in range(ATTEMPTS):
        pager = room.pagers.load([staff_id])[staff_id]
        heard = pagers.hear(pager, text_id)
        if heard is None:
            return True
        if passive is not None:
            heard = replace(heard, passive=pager.passive + 1 if passive else 0)
        try:
            room.pagers.save(heard)
        except Conflict:
            continue
        return bool(passive) and pager.passive >= MOST_PASSIVE
    raise Conflict("the pager is written by many at once")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """One staff member at their phone."""

    room: Switchroom
    crises: CrisisStore
    config: AutomationConfig
    staff_id: str
    phone: str
    now: datetime

    def do(self, command: Command, pager: Pager) -> _Reply:
        """Do what is asked and return the reply."""
        match command.verb:
            case "claim" | "done" | "pass":
                return self._on_question(command, pager)
            case "list":
                return self._list(pager)
            case "away":
                return self._away(self.now + command.lasting)
            case "back":
                return self._back()
            case "pause_all" | "confirm" | "resume_all":
                return self._on_switch(command, pager)
            case "opted_in":
                return _Reply("This phone gets alerts again. " + help_text())
            case "help":
                return _Reply(help_text(), passive=True)
            case _:
                return _Reply("Not understood. " + help_text(), passive=True)

    def _on_switch(self, command: Command, pager: Pager) -> _Reply:
        """Turn the crisis switch, by two texts."""
        switch = CrisisByText(
            staff_id=self.staff_id, crises=self.crises, config=self.config, mail=self.room.mail, now=self.now
        )
        if command.verb == "pause_all":
            return _Reply(ask_to_pause(command.named, pager, switch, self._change))
        if command.verb == "confirm":
            return _Reply(confirm_pause(command.named, pager, switch, self._change))
        return _Reply("Posts are given back one by one in the inbox: somebody has to read each. Nothing was done.")

    def say(self, text: str) -> None:
        """Answer; a reply that cannot leave is no reason to do the command again."""
        try:
            self.room.texts.send(self.phone, text, about={"staff_id": self.staff_id})
        except Unreachable as error:
            mark_dead(self.room.pagers, self.staff_id, "sms", self.phone, reason=error.reason, now=self.now)
        except SwitchboardError:
            self.room.metrics.count("ReplyFailed")
        else:
            Reaching(room=self.room, config=self.config, now=self.now).costs.spent()

    def opted_out(self) -> None:
        """Mark the phone and tell the admins, once: the carrier lets nothing through any more."""
        if mark_dead(self.room.pagers, self.staff_id, "sms", self.phone, reason="opted_out", now=self.now):
            tell_admins(*dead_contact(self.staff_id, "sms", "opted_out"), config=self.config, mail=self.room.mail)

    def alive(self, *, again: bool) -> None:
        """Take a mark away: a phone that texts us works; one that was opted out only when it opts in *again*."""

        def revived(pager: Pager) -> Pager | None:
            shut = any((dead.contact, dead.reason) == ("sms", "opted_out") for dead in pager.dead)
            return None if shut and not again else pagers.revive(pager, "sms")

        self._change(revived)

    # --- questions

    def _on_question(self, command: Command, pager: Pager) -> _Reply:
        found = self._named(command, pager)
        if isinstance(found, _Reply):
            return found
        for _ in range(ATTEMPTS):
            conversation = self.room.questions.load(found)
            change = self._decide(command, conversation)
            if isinstance(change, Refusal):
                return self._refused(change, conversation)
            try:
                self.room.questions.commit(change)
            except Conflict:
                continue
            return self._done(command, change.question)
        return _Reply("Others are busy with it. Text again in a minute.", passive=True)

    def _named(self, command: Command, pager: Pager) -> str | _Reply:
        """Return the id of the question that is meant: by its code, its ref, or as the only one that waits."""
        by_code = {str(code.number): code.question_id for code in pager.codes}
        if command.named in by_code:
            return by_code[command.named]
        by_ref = {code.question_id[:4].lower(): code.question_id for code in pager.codes}
        if command.named in by_ref:
            return by_ref[command.named]
        if command.named:
            return _Reply(
                f"There is no question {command.named.upper()} on this phone. ? lists what waits.", passive=True
            )
        waiting = [code.question_id for code, _ in self._waiting(pager)]
        if len(waiting) == 1:
            return waiting[0]
        return _Reply("Which one? " + listed(self._entries(pager), self.staff_id, now=self.now), passive=True)

    def _decide(self, command: Command, conversation: Conversation) -> Change | Refusal:
        question = conversation.question
        if question is None or not question.unfinished:
            state = question.state.value.replace("_", " ") if question else "gone"
            return Refusal(reason=f"It is {state} already. Open it in the inbox if there is more to do.")
        match command.verb:
            case "claim":
                lasting = self.config.claims.lasting(question.urgency)
                return claim(conversation, self.staff_id, now=self.now, lasting=lasting)
            case "done" if news_since_told(conversation, self.staff_id):
                return Refusal(
                    reason="They wrote again since you were told. Read it in the inbox, then close it there."
                )
            case "done":
                return close(conversation, self.staff_id, now=self.now, why="done")
            case _:
                return pass_on(conversation, self.staff_id, now=self.now)

    def _done(self, command: Command, question: Question) -> _Reply:
        ref = question.ref
        match command.verb:
            case "claim":
                until = clock(question.claimed_until or self.now, self._zone(question), now=self.now)
                link = make_link(self.room, question.question_id, self.staff_id, now=self.now)
                named = command.named or "1"
                return _Reply(
                    one_segment(
                        f"{ref} is yours until {until}. Answer: {link} Then text {named} done, or {named} pass.",
                        f"{ref} is yours until {until}. Answer: {link}",
                        f"{ref} is yours until {until}. Answer in the inbox.",
                    )
                )
            case "done":
                return _Reply(f"{ref} is closed. If they write again it rings again.")
            case _:
                attend(question.question_id, self.room, now=self.now)
                return _Reply(f"{ref} is passed on: the next person is rung.")

    def _refused(self, refusal: Refusal, conversation: Conversation) -> _Reply:
        names = {one: initial(member.name) for one, member in self.config.staff.items()}
        question = conversation.question
        zone = self._zone(question) if question else self.config.zone
        ref = question.ref if question else ""
        return _Reply(one_segment(f"{ref}: {refusal.in_words(names, zone)}", f"{ref}: {refusal.reason}"))

    # --- the list

    def _list(self, pager: Pager) -> _Reply:
        return _Reply(listed(self._entries(pager), self.staff_id, now=self.now))

    def _entries(self, pager: Pager) -> list[tuple[int, Question]]:
        """Return the codes and questions that wait for this phone; what is held back gets its code now."""
        known = {code.question_id for code in pager.codes}
        held = [one for one in most_urgent(pager.held) if one not in known]
        if held:
            pager = self._give_codes(held) or pager
        return [(code.number, question) for code, question in self._waiting(pager)]

    def _give_codes(self, question_ids: list[str]) -> Pager | None:
        taken = numbers_of_others(self.room, self.config, self.staff_id)

        def coded(pager: Pager) -> Pager:
            heads = self.room.questions.heads([*question_ids, *(code.question_id for code in pager.codes)])
            unfinished = {head.question_id for head in heads if head.unfinished}
            after = pager
            for question_id in question_ids:
                if question_id in unfinished:
                    after, _ = pager_codes.with_code(after, question_id, unfinished, now=self.now, taken=taken)
            return replace(after, version=pager.version + 1)

        return self._change(coded)

    def _waiting(self, pager: Pager) -> list[tuple[pagers.Code, Question]]:
        heads = {head.question_id: head for head in self.room.questions.heads(one.question_id for one in pager.codes)}
        return [
            (code, heads[code.question_id])
            for code in pager.codes
            if code.question_id in heads and _waits(heads[code.question_id], self.staff_id)
        ]

    # --- away and back

    def _away(self, until: datetime) -> _Reply:
        self._change(lambda pager: replace(pager, away_until=until, version=pager.version + 1))
        when = clock(until, self.config.zone, now=self.now)
        last = (
            " You are the last resort, and rung when nobody else can be."
            if self.staff_id == self.config.last_resort
            else ""
        )
        return _Reply(f"You are away until {when}; others are rung. Text BACK when you return.{last}")

    def _back(self) -> _Reply:
        pager = self._change(lambda pager: replace(pager, away_until=None, version=pager.version + 1))
        waiting = self._entries(pager) if pager else []
        return _Reply(
            one_segment(
                f"Welcome back. {listed(waiting, self.staff_id, now=self.now)}", "Welcome back. ? lists what waits."
            )
        )

    def _change(self, change: Callable[[Pager], Pager | None]) -> Pager | None:
        """Write what *change* makes of the pager; return it, or None when there was nothing to write."""
        for _ in range(ATTEMPTS):
            after = change(self.room.pagers.load([self.staff_id])[self.staff_id])
            if after is None:
                return None
            try:
                self.room.pagers.save(after)
            except Conflict:
                continue
            return after
        raise Conflict("the pager is written by many at once")

    def _zone(self, question: Question) -> str:
        return self.config.zone_of(question.team)


def _waits(question: Question, staff_id: str) -> bool:
    """Whether *question* is still to be done, and by nobody else."""
    return question.unfinished and question.owner in ("", staff_id)
