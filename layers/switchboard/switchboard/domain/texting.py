"""What staff text back, and what they are told: one GSM-7 segment each, ids and times only.

The words with which a carrier opts a phone out are never commands: the carrier has acted on them already, and later
texts would vanish without a word.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from switchboard.domain.alert_text import GSM_7, SEGMENT, fits
from switchboard.domain.question import QuestionState
from switchboard.domain.vocabulary import Urgency

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from switchboard.domain.question import Question

Verb = Literal[
    "claim", "done", "pass", "list", "away", "back", "help", "pause_all", "confirm", "resume_all",
    "opted_out", "opted_in", "unknown",
]  # fmt: skip

MOST_PASSIVE = 5
"""So many replies in a row go to a phone that sends nothing we can act on; then it is a machine, and we are silent."""

AWAY_UNLESS_SAID = timedelta(hours=1)
AWAY_AT_MOST = timedelta(days=30)

_OPT_OUT = "stop stopall unsubscribe cancel end quit remove arret optout revoke parar alto"
_WORDS: dict[Verb, str] = {
    "opted_out": _OPT_OUT,
    "opted_in": "start unstop",
    "help": "help info h ayuda",
    "list": "list l status",
    "back": "back",
    "claim": "claim c y yes ok mine take si",
    "done": "done d close closed",
    "pass": "pass p no n next",
}
_VERB_OF: dict[str, Verb] = {word: verb for verb, words in _WORDS.items() for word in words.split()}
_ON_A_QUESTION = ("claim", "done", "pass")
_NUMBERED = re.compile(r"#?\s*(?P<named>\d{1,3})\s*[.:,)-]?\s*(?P<word>[a-z]*)")
_REF = re.compile(r"(?P<named>(?=[a-z2-7]*\d)[a-z2-7]{4})\s*(?P<word>[a-z]*)")
_TURNED = re.compile(r"(?P<word>[a-z]+)\s*#?(?P<named>\d{1,3})")
_AWAY = re.compile(r"away\s*(?:for\s*)?(?:(?P<count>\d{1,4})\s*(?P<unit>m|min|mins|minutes?|h|hrs?|hours?|d|days?))?")
_PAUSE_ALL = re.compile(
    r"(?:pause|pausar)\s*(?:all|todo)(?:\s+(?:posts?|the\s+posts|publicaciones))?\b(?P<why>.*)",
    re.IGNORECASE | re.DOTALL,
)
_RESUME_ALL = re.compile(r"(?:resume|unpause|reanudar)\s*(?:all|todo)(?:\s+posts?)?")
_CONFIRM = re.compile(r"(?:confirm|confirmar|yes|si)\s*#?(?P<code>\d{4})")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What a text asks for: *named* is the code or the ref of a question, "" when it names none.

    Of `pause_all` it is the reason, of `confirm` the code that was given.
    """

    verb: Verb
    named: str = ""
    lasting: timedelta = timedelta(0)


def parse(text: str) -> Command:
    """Return what *text* asks for, lenient in case, spaces and punctuation."""
    words = _plain(text)
    if words and not words.strip(" ?.!"):
        return Command(verb="list" if "?" in words else "unknown")
    bare = words.strip(" .!,;:*\"'()?")
    if verb := _VERB_OF.get(bare) or _VERB_OF.get(bare.replace(" ", "").replace("-", "")):
        return Command(verb=verb)
    if everything := _PAUSE_ALL.match(text.strip()):
        return Command(verb="pause_all", named=" ".join(everything["why"].split()).strip(" .:,;-"))
    if _RESUME_ALL.fullmatch(bare):
        return Command(verb="resume_all")
    if sure := _CONFIRM.fullmatch(bare):
        return Command(verb="confirm", named=sure["code"])
    if away := _AWAY.fullmatch(bare):
        return Command(verb="away", lasting=_lasting(away))
    for form in (_NUMBERED, _TURNED, _REF):
        found = form.fullmatch(bare)
        verb = _VERB_OF.get(found["word"] or "claim") if found else None
        if found and verb in _ON_A_QUESTION:
            return Command(verb=verb, named=found["named"])
    return Command(verb="unknown")


def initial(name: str) -> str:
    """Return how a colleague is named in a text: "M."."""
    plain = _plain(name)
    return f"{plain[:1].upper()}." if plain else "a colleague"


def listed(entries: Sequence[tuple[int, Question]], staff_id: str, *, now: datetime) -> str:
    """Return the list of what waits for *staff_id*, the most urgent first, as far as it fits."""
    if not entries:
        return "Nothing waits for you."
    order = tuple(Urgency)
    ranked = sorted(entries, key=lambda entry: (order.index(entry[1].urgency), entry[1].opened_at))
    lines = [_line(code, question, staff_id, now) for code, question in ranked]
    head = "1 question: " if len(lines) == 1 else f"{len(lines)} questions: "
    for shown in range(len(lines), 0, -1):
        more = f"; +{len(lines) - shown} in the inbox" if shown < len(lines) else ""
        text = head + "; ".join(lines[:shown]) + more
        if fits(text):
            return text
    return f"{len(lines)} questions wait in the inbox."


def help_text() -> str:
    """Return what the commands are."""
    return "1 claims question 1, 1 done closes it, 1 pass rings the next person. ? lists what waits. AWAY 2h, BACK."


def clock(moment: datetime, zone: str, *, now: datetime) -> str:
    """Return a time of day, with the weekday if it is not today."""
    local = moment.astimezone(ZoneInfo(zone))
    today = local.date() == now.astimezone(ZoneInfo(zone)).date()
    return f"{local:%H:%M}" if today else f"{local:%a %H:%M}"


def one_segment(*wordings: str) -> str:
    """Return the first of *wordings* that fits one segment; of the last one, what fits."""
    chosen = next((wording for wording in wordings if fits(_gsm(wording))), wordings[-1])
    return _gsm(chosen)[:SEGMENT]


def _line(code: int, question: Question, staff_id: str, now: datetime) -> str:
    loud = {Urgency.EMERGENCY: " EMERGENCY", Urgency.URGENT: " URGENT"}.get(question.urgency, "")
    minutes = max(int((now - question.opened_at).total_seconds()) // 60, 0)
    waited = f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"  # noqa: PLR2004 - two hours
    mine = " yours" if question.owner == staff_id and question.state is not QuestionState.OPEN else ""
    return f"{code} {question.ref}{loud} {waited}{mine}"


def _lasting(found: re.Match[str]) -> timedelta:
    if not found["count"]:
        return AWAY_UNLESS_SAID
    return min(int(found["count"]) * _UNITS[found["unit"][0]], AWAY_AT_MOST)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text[:200]).casefold()
    return " ".join("".join(letter for letter in folded if not unicodedata.combining(letter)).split())


def _gsm(text: str) -> str:
    return "".join(_letters(text))


def _letters(text: str) -> Iterable[str]:
    for letter in text.replace("\u201c", '"').replace("\u201d", '"').replace("\u2019", "'"):
        yield letter if letter in GSM_7 else "?"
