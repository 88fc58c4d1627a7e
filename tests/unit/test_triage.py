"""What a text is: asked or told, its category, urgency and language, and a reason without its words."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from itertools import zip_longest

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switchboard.domain.triage import triage
from switchboard.domain.triage.rule import book
from switchboard.domain.vocabulary import Category, Urgency


def texts(block: str) -> list[str]:
    return [text for line in block.strip().splitlines() for text in line.split("|")]


ASKED = """
What are your visiting hours?|what time do you open on sunday|wat time u open|do you take aetna
is the lab open today|can i bring my kids|how much is an mri|how long is the wait|where do i park
when is the flu clinic|why was my visit cancelled|who do i call about records|which entrance is closest
anyone know if they do x rays|any1 know the number|any update on this|I was wondering if you accept walk-ins
wondering whether masks are still required|could someone tell me the fax number|please tell me how to get my results
I'd like to know the price|not sure if I should come in|I don't know who I should call|hi, is dr lee still there
so are you guys open tomorrow|hello doctor, what should I take for this|does it hurt, asking for a friend
you accept new patients, right?|it is on the third floor, isn't it|u open tmrw?|how do u get an appt
should i be worried about this mole|would it be possible to change my slot|¿A qué hora abren?|a que hora abren
cuanto cuesta una consulta|donde queda la clínica|quiero saber si aceptan medicaid
alguien sabe si hay estacionamiento|puedo llevar a mi hijo|cuándo es la cita
"""
TOLD = """
Thank you so much|Best nurses ever|what a lovely team|how sweet of you|my mom works here
when I was a child I was treated here|we got there at nine and left at ten|see you tomorrow|@Maria look
so proud of this place|I know what you mean|that is why I love it|anyone can do that|I parked where they told me to
the doctor called me back|did not like the soup|gracias por todo|la enfermera fue muy amable|mi hija nació aquí
really?|oh yeah?|wow
"""
SILENT = """
Thanks!|thank you for everything|Best hospital in town|@Maria look|@Ana @Luis mira|😂😂|❤️|👏👏👏|lol
Congratulations to the whole team|so proud of my sister who works here|amen 🙏|gracias por todo|Felicidades a todos
love this place|Good morning|What a great team|Earn bitcoin fast, DM me to invest|cheap followers dm me
"""
HEARD = """
my bill is wrong|nobody called me back|I need a copy of my records|please call me|the nurse was rude to my mother
still waiting for my results|I want to cancel my appointment|my incision is red and hot
the elevator has been broken since Monday|I left my jacket in room 204|help|necesito una cita
nadie contesta el teléfono|me cobraron dos veces|Great doctors but we waited four hours
my private photos were posted by your staff|I am a reporter and need a comment
"""
ABOUT = {
    Category.APPOINTMENT: """
I need to reschedule my appointment|do you take walk-ins|what are the visiting hours|are you accepting new patients
necesito una cita|what time does the clinic open
""",
    Category.BILLING: """
I was charged twice|question about my bill|do you take Aetna insurance|can I get a payment plan
¿cuánto cuesta la consulta?|how much is an ultrasound
""",
    Category.RECORDS: """
I need a copy of my medical records|my chart login is broken|where are my lab results|need a doctor's note for work
quiero mis resultados
""",
    Category.CLINICAL: """
is it ok to take ibuprofen with this|my incision is getting worse|I have had a cough for a week, should I come in
fever of 103 for two days|tengo fiebre alta
""",
    Category.COMPLAINT: """
the receptionist was so rude|worst experience of my life|this place is filthy|I will sue you|pésimo servicio
nobody picks up the phone
""",
    Category.PRIVACY: """
someone posted my medical records on facebook|this is a HIPAA violation
your nurse told my neighbor about my diagnosis|you sent me another patient's results|publicaron mis datos
""",
    Category.PRESS: """
I'm a reporter with the Tribune|media inquiry about the merger|we are writing a story on wait times|soy periodista
""",
    Category.JOB: """
are you hiring nurses|where do I send my resume|do you have volunteer positions|busco empleo
""",
    Category.PRAISE: """
thank you all so much|amazing care from the night staff|excelente atención
""",
    Category.ADVERSE_EVENT: """
I got a rash after the vaccine|bad reaction to the new medication|they gave me the wrong dose
reacción alérgica a la medicina
""",
    Category.SPAM: """
make money online, dm me to earn|Dr. Ojo herbal cure whatsapp him|you have won a prize, txt WIN to 80086
ganaste un premio
""",
}


@pytest.mark.parametrize("text", texts(ASKED))
def test_a_question_is_heard_with_a_question_mark_or_without(text: str) -> None:
    found = triage(text)

    assert found.is_question
    assert found.needs_answer


@pytest.mark.parametrize("text", texts(TOLD))
def test_what_is_told_is_no_question(text: str) -> None:
    assert not triage(text).is_question


@pytest.mark.parametrize("text", texts(SILENT))
def test_praise_tags_signs_greetings_and_spam_need_no_answer(text: str) -> None:
    found = triage(text)

    assert not found.needs_answer
    assert found.urgency is Urgency.LOW


@pytest.mark.parametrize("text", texts(HEARD))
def test_requests_complaints_and_concerns_need_an_answer_without_a_question_mark(text: str) -> None:
    assert triage(text).needs_answer


@pytest.mark.parametrize(
    ("category", "text"), [(category, text) for category, many in ABOUT.items() for text in texts(many)]
)
def test_the_category_is_what_it_is_about(category: Category, text: str) -> None:
    assert triage(text).category is category


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("your nurse shared my records without my consent", Urgency.URGENT),
        ("I'm a journalist on deadline", Urgency.URGENT),
        ("hives since the new antibiotic", Urgency.URGENT),
        ("the wound is getting worse and there is pus", Urgency.URGENT),
        ("you will hear from my lawyer", Urgency.URGENT),
        ("what are the signs of a stroke", Urgency.URGENT),
        ("when do you open", Urgency.NORMAL),
        ("are you hiring", Urgency.LOW),
        ("thank you, team", Urgency.LOW),
    ],
)
def test_urgency_follows_from_what_it_is_about(text: str, urgency: Urgency) -> None:
    assert triage(text).urgency is urgency


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("When do you open on Sunday", "en"),
        ("my dad needs help", "en"),
        ("¿Cuándo abren los domingos?", "es"),
        ("mi papá necesita ayuda", "es"),
        ("Quelle est l'heure d'ouverture de la clinique", "und"),
        ("Wann haben Sie geöffnet", "und"),
        ("Que horas vocês abrem no domingo", "und"),
        ("您好请问几点开门", "und"),
        ("", "und"),
        ("123", "und"),
    ],
)
def test_the_language_is_english_spanish_or_unknown(text: str, language: str) -> None:
    assert triage(text).language == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "Wann haben Sie geöffnet",
        "您好请问几点开门",
        "qwz rtp lkjh mnbv",
        "The blue door by the river stays shut all winter",
    ],
)
def test_what_no_rule_knows_goes_to_a_person(text: str) -> None:
    found = triage(text)

    assert found.needs_answer
    assert found.urgency is Urgency.NORMAL


@pytest.mark.parametrize("kind", ["direct_message", "form", "review"])
@pytest.mark.parametrize("text", ["hello", "ok", "?", "Anna", "12345"])
def test_whoever_writes_to_us_alone_is_answered(kind: str, text: str) -> None:
    assert triage(text, kind=kind).needs_answer


def test_a_question_beside_praise_is_still_a_question() -> None:
    found = triage("Love your team! When is the flu clinic?")

    assert found.is_question
    assert found.category is not Category.PRAISE


@pytest.mark.parametrize(
    "text",
    [
        "Please contact me on 0612345678 about my results",
        "I called 08001234567 and nobody answered",
        "I was charged $500 twice",
        "urgent please call me about my results",
        "how do I claim this on my insurance",
        "I want to opt out of data sharing",
        "is parking free for patients",
        "can I text you at 55512",
    ],
)
def test_a_number_or_a_price_alone_is_never_spam(text: str) -> None:
    assert triage(text).category is not Category.SPAM


@given(st.text(max_size=400), st.sampled_from(["comment", "mention", "direct_message", "review", "form"]))
@settings(max_examples=200, deadline=None)
def test_any_text_at_all_has_an_outcome(text: str, kind: str) -> None:
    found = triage(text, kind=kind)

    assert found == triage(text, kind=kind)
    assert found.reason.endswith(".")


_PHRASES = [text for block in (ASKED, TOLD, SILENT, HEARD, *ABOUT.values()) for text in texts(block)]
_CANARY = st.from_regex(r"[bcdfgxz]{3}[aeiou][bcdfgxz]{2,6}", fullmatch=True)


@given(st.lists(st.sampled_from(_PHRASES), min_size=1, max_size=4), st.lists(_CANARY, min_size=1, max_size=6))
@settings(max_examples=300, deadline=None)
def test_no_word_of_the_author_is_in_the_reason(phrases: list[str], canaries: list[str]) -> None:
    text = " ".join(part for pair in zip_longest(canaries, phrases, fillvalue="") for part in pair)

    reason = triage(text).reason

    assert not any(canary in reason.lower() for canary in canaries)
    assert reason in _REASONS or _REASON.fullmatch(reason)


def _quoted(*books: str) -> str:
    """All that a reason can quote from *books*."""
    rules = [rule for name in books for rule in book(name).values()]
    return "|".join(re.escape(f"“{rule.name}” (like “{wording.like}”)") for rule in rules for wording in rule.fires)


_TOPIC = rf"Topic: [a-z ]+, rule (?:{_quoted('topics', 'manner')})\."
_REASON = re.compile(
    rf"Emergency: rule (?:{_quoted('danger')})\."
    rf"|Asks something: (?:a question mark|{_quoted('questions')})\.(?: {_TOPIC})?"
    rf"|Needs an answer\. {_TOPIC}"
    rf"|No answer needed: rule (?:{_quoted('manner', 'spam')})\."
)
_REASONS = frozenset(
    {
        "No answer needed: three lures and a way to pay or call are spam.",
        "No answer needed: signs or a tag only.",
        "No answer needed: a greeting, or a remark to a friend.",
        "No answer needed: a remark in public.",
        "Needs an answer: no rule says that it does not, so a person decides.",
        "Needs an answer: no text, so a person looks at what was attached.",
        "Needs an answer: signs or figures without words, so a person decides.",
    }
)
"""All that a reason can be: fixed sentences, and the names and examples of rules."""


@pytest.mark.parametrize(
    "unit",
    [
        *("a", "ab", "a b ", "a,", "?", ".", " ", "\n", "@a ", "'", "http://", "08", "x-", "ﷺ", "é", "¿", "!?", "que "),
        *(
            "no ",
            "denies a or b ",
            "fever ",
            "confused, ",
            "pregnant ",
            "i am 30 years old ",
            "if ",
            "what ",
            "so and ",
        ),
        *("hi doctor, ", "lol ", "years ago. ", "won't stop ", "earn $5 ", "took the ", "suicid", "heart attack "),
    ],
)
def test_a_hostile_text_of_100_kilobytes_takes_a_bounded_time(unit: str) -> None:
    triage("warm")
    hostile = unit * (100_000 // len(unit))

    begun = time.process_time()
    triage(hostile)

    assert time.process_time() - begun < 10


def test_danger_at_the_end_of_a_long_text_is_read() -> None:
    assert triage("The parking was fine. " * 1000 + "Now my wife is not breathing").urgency is Urgency.EMERGENCY


def test_triage_imports_the_standard_library_only() -> None:
    slow = "{'pydantic', 'boto3', 'botocore', 'regex', 'httpx', 'yaml', 'unittest'}"
    code = f"import sys, switchboard.domain.triage; print([m for m in sys.modules if m.split('.')[0] in {slow}])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603

    assert done.stdout.strip() == "[]"
