"""What the list commands read from the tables, and the two things that they write: through the ports' adapters."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from switchboard.adapters.questions import DynamoQuestions
from switchboard.domain.vocabulary import Urgency
from switchboard_cli.terminal import BadInput

if TYPE_CHECKING:
    from switchboard import ports
    from switchboard.domain.question import Alert, Question
    from switchboard_cli.stack import Stack

Row = dict[str, Any]
_URGENCIES = list(Urgency)
_HIDDEN = frozenset({"text", "author_name", "author_id", "thread_id", "permalink"})
"""What says who wrote or what was written: shown with --text only."""
_FULL_ID = 26


def question_rows(stack: Stack) -> list[Row]:
    """Return the unfinished questions, the most urgent first, then the one that waits longest."""
    found = sorted(_questions(stack).unfinished(), key=lambda one: (_URGENCIES.index(one.urgency), one.opened_at))
    return [_without(one, _HIDDEN | {"steps"}) for one in found]


def conversation(stack: Stack, question_id: str, *, text: bool) -> Row:
    """Return one question and all that belongs to it."""
    store = _questions(stack)
    found = store.load(_full_id(store, question_id))
    if found.question is None:
        raise BadInput(f"there is no question {question_id!r}; list them: switchboard questions")
    hidden: frozenset[str] = frozenset() if text else _HIDDEN
    messages = [*found.messages, *found.pending]
    return {
        "question": _without(found.question, hidden | {"steps"}),
        "messages": [_without(message, hidden) for message in messages],
        "alerts": [_without(alert) for alert in found.alerts],
        "answers": [_without(answer, hidden) for answer in found.answers],
        "events": [_without(event) for event in found.events],
    }


def author_of(stack: Stack, question_id: str, channel: str) -> tuple[str, str]:
    """Return the author of a question, and the channel to look at: the question's own unless one is given."""
    store = _questions(stack)
    found = store.load(_full_id(store, question_id)).question
    if found is None or not found.author_id:
        raise BadInput(f"there is no question {question_id!r} of a known author; list them: switchboard questions")
    return found.author_id, channel or found.channel


def alert_rows(stack: Stack, question_id: str) -> list[Row]:
    """Return the alerts of one question, or of all unfinished ones, the newest first."""
    store = _questions(stack)
    ids = [_full_id(store, question_id)] if question_id else [one.question_id for one in store.unfinished()]
    found: list[Alert] = [alert for one in ids for alert in store.load(one).alerts]
    found.sort(key=lambda alert: alert.at, reverse=True)
    return [{"ref": alert.question_id[:4], **_without(alert)} for alert in found]


def _questions(stack: Stack) -> ports.QuestionStore:
    return DynamoQuestions(stack.client("dynamodb"), stack.tables["questions"])


def _full_id(store: ports.QuestionStore, given: str) -> str:
    """Return the id that *given* begins, among the unfinished questions, unless it is a whole one."""
    wanted = given.upper()
    if len(wanted) >= _FULL_ID:
        return wanted
    fitting: list[Question] = [one for one in store.unfinished() if one.question_id.startswith(wanted)]
    if len(fitting) == 1:
        return fitting[0].question_id
    many = "several unfinished questions begin so" if fitting else "no unfinished question begins so"
    raise BadInput(f"{given!r}: {many}; give the whole id, as `switchboard questions` shows it")


def _without(record: Any, hidden: frozenset[str] | set[str] = frozenset()) -> Row:  # noqa: ANN401 - any dataclass
    """Return the fields of *record*, a question also with its ref, except the *hidden* ones."""
    fields = {name: value for name, value in asdict(record).items() if name not in hidden}
    return {"ref": record.ref, **fields} if hasattr(record, "ref") else fields
