"""Does this need a person, how soon, and what is it about: by rules that anybody can read, and with a reason.

Deterministic: the same text has the same outcome, everywhere. When in doubt a person decides: what is not recognised
needs an answer. A reason names the rule that decided, never the author's words: reasons go where no word may go.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from switchboard.domain.triage_rules import EMERGENCIES, EXCUSES, PRAISE, SPAM, TOPICS, Rule
from switchboard.domain.vocabulary import Category, Urgency

LONGEST = 5000
"""Of a longer text the beginning and the end are read."""

_MENTION = re.compile(r"(?<!\w)@[\w.]+:?")
_LINK = re.compile(r"https?://\S+|www\.\S+")
_SPACE = re.compile(r"\s+")
_REPEATED = re.compile(r"(.)\1{2,}")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_TRANSLATED = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "´": "'", "`": "'"})

_ASKS = re.compile(
    r"(?:^|[.!;:,\n]\s*|\b(?:and|but|so|or|well|ok|okay|hi|hello|hey|also|please|oh|um|uh|then|now|yeah|because|just|doctor|lol)[,\s]+)"
    r"(?:(?:so|and|well|just|like|i\ mean|you\ know|uh|um|oh|hey|hi|hello|please|then|now|really)[,\s]+){0,3}"
    r"(?:what(?:'?s|\ is|\ are|\ do|\ does|\ did|\ was|\ were|\ kind|\ time|\ about|\ if|\ can|\ should|\ would|\ will|\ happen\w*|\ [a-z]+)?\b"
    r"|how(?:'?s|\ is|\ are|\ do|\ does|\ did|\ can|\ could|\ much|\ many|\ long|\ far|\ often|\ about|\ come|\ soon|\ old|\ to|\ would|\ should|\ was|\ were|\ [a-z]+)\b"
    r"|where(?:'?s|\ is|\ are|\ do|\ does|\ can|\ did|\ was|\ would|\ should|\ [a-z]+)?\b|when(?:'?s|\ is|\ are|\ do|\ does|\ will|\ can|\ did|\ was|\ would|\ should)\b"
    r"|why(?:'?s|\ is|\ are|\ do|\ does|\ did|\ not|\ can'?t|\ would|\ should|\ [a-z]+)?\b|wh?ich\ [a-z]+|who(?:'?s|\ is|\ are|\ do|\ does|\ can|\ did|\ was|\ should|\ would|\ else|\ [a-z]+)?\b|whom\b|whose\b"
    r"|wher|wat\b|wut\b|whats\b|hows\b|wheres\b|whos\b|y\ (?:do|is|are|did)\b"
    r"|(?:is|are|am|was|were|do|does|did|can|could|will|would|should|shall|may|might|has|have|had|isn'?t|aren'?t|don'?t|doesn'?t|didn'?t|can'?t|couldn'?t|won'?t|wouldn'?t|shouldn'?t|haven'?t|hasn'?t)"
    r"\ (?:i|you|u|ya|we|they|he|she|it|this|that|these|those|there|the|your|my|our|his|her|their|a|an|any|anyone|anybody|someone|somebody|people|covid\w*|corona\w*|[a-z]{3,})\b"
    r"|any(?:one|body)\b(?!\ (?:who|can\ see))|any\ (?:idea|update|news|chance|word|advice|suggestions?|thoughts|tips|other|[a-z]+\ (?:from|in|for|on|here|available|open))"
    r"|(?:got|need|wanna|want|know)\ any\b)",
)
_INDIRECT = re.compile(
    r"\b(?:wonder(?:ing|ed)?\b|(?:want|like|need|trying|love)(?:ed)?\ to\ (?:know|ask|find\ out|understand|learn|check|see\ if)|(?:can|could|would|will)\ (?:you|u|someone|anyone|anybody|somebody)\b"
    r"|(?:do|does|did)\ (?:you|u|y'?all|anyone|anybody|they)\b|(?:please|pls|plz|kindly)\ (?:tell|advi[sc]e|let\ (?:me|us)\ know|help|explain|suggest|send|call|confirm|clarify|guide|answer|inform|respond|reply|recommend|share)"
    r"|(?:let\ me|lemme)\ know|(?:tell|advise|inform|explain\ to)\ (?:me|us)\b|(?:don'?t|do\ not|dunno|not\ sure|unsure|no\ idea|curious)\ (?:know\ )?(?:if|whether|what|how|where|when|why|which|who)"
    r"|(?:is|are)\ (?:it|this|that|there|these|they)\ (?:ok|okay|safe|normal|possible|true|any|a\ way|necessary|still|going)|what\ (?:should|can|do|could|would)\ (?:i|we)\b|should\ (?:i|we|he|she|they)\b|can\ (?:i|we)\b|how\ (?:do|can|should|long|much|many)\b"
    r"|looking\ for\ (?:a|an|some|info\w*|advice|help|the)|(?:need|seek(?:ing)?|want)\ (?:some\ |any\ |your\ |a\ )?(?:info\w*|advice|help|opinion|suggestion|guidance|clarification|second\ opinion)|i\ have\ (?:a|one|some|two|few)\ (?:quick\ )?questions?"
    r"|my\ (?:question|query|doubt|concern)\b|what\ (?:is|are|does|kind|could)\b|(?:suggest|recommend)\ (?:me|a|any|some|if|what|the|good)|your\ (?:advice|opinion|thoughts|suggestion)"
    r"|do\ i\ (?:need|have|get)\b|right\?|huh\?|asl\b|how\ come\b)"
)
_TAGS = re.compile(r",\ (?:isn'?t\ it|aren'?t\ (?:you|they|we)|don'?t\ (?:you|they|we)|right|huh|eh|correct|ok|okay|no|verdad|no\ es\ cierto)\W*$")
_SPANISH_ASKS = re.compile(
    r"¿|\b(?:qu[eé]\ (?:es|son|hay|hora|horario|puedo|debo|hago|pasa|tal)|c[oó]mo\ (?:es|est[aá]|puedo|hago|se|saco|pido|obtengo)|cu[aá]ndo\b|d[oó]nde\b|cu[aá]nto\w*|cu[aá]l(?:es)?\b|qui[eé]n(?:es)?\b|por\ qu[eé]\b"
    r"|(?:puedo|puede|pueden|podr[ií]an?|tienen|hay|aceptan|atienden|necesito|quisiera|me\ gustar[ií]a|alguien\ sabe|saben\ si|quiero\ saber)\b)"
)
_SPANISH = frozenset(
    "el la los las de del que en un una por para con no se su mi es al lo como pero sus le ya o este si porque esta entre cuando muy "
    "sin sobre tambien hasta hay donde quien desde todo nos durante gracias hola necesito puedo tengo cita hospital dolor hijo hija mama papa "
    "cual cuanto cuantos cuando fue son ser era".split()
)
_ENGLISH = frozenset(
    "the a an of to in is are was were be and or for with on at by from this that it i you he she we they my your his her our their do does "
    "did can could will would should have has had not no what when where who why how which there any if but so me us them all just about "
    "please thanks thank hi hello get got need want know".split()
)
_FRIENDLY = re.compile(r"^\W*(?:lol|haha\w*|yes|yep|no|nope|ok|okay|same|true|amen|wow|cool|nice|cute|yay|congrats|hi|hello|hey|gm|good\ (?:morning|night|evening))\W*$")


@dataclass(frozen=True, slots=True)
class Triage:
    """What a text is. *reason* is a sentence that names the rule that decided; *language* is en, es, or und."""

    is_question: bool
    needs_answer: bool
    category: Category
    urgency: Urgency
    language: str
    reason: str


def triage(text: str, *, kind: str = "comment") -> Triage:
    """Return what *text* is; *kind* is the message's. Never raises."""
    read = _normal(text)
    plain = _SPACE.sub(" ", _MENTION.sub(" ", _LINK.sub(" ", read))).strip()
    words = _WORD.findall(plain)
    language = _language(words, read)
    asks = _is_question(plain)
    if rule := _emergency(plain):
        return Triage(asks, True, Category.EMERGENCY, Urgency.EMERGENCY, language, f"Emergency: rule “{rule.name}”.")
    if not words:
        return _wordless(text, read, kind, asks=asks)
    if not asks and SPAM.search(plain):
        return Triage(False, False, Category.SPAM, Urgency.LOW, language, "No answer needed: looks like spam.")
    return _topic(plain, words, language, kind, asks=asks, tagged=read != plain and bool(_MENTION.search(read)))


def _topic(plain: str, words: list[str], language: str, kind: str, *, asks: bool, tagged: bool) -> Triage:
    praised = bool(PRAISE.search(plain))
    rule = next((rule for rule in TOPICS if rule.pattern.search(plain)), None)
    if praised and not asks and (rule is None or rule.category not in _GRAVE):
        return Triage(False, False, Category.PRAISE, Urgency.LOW, language, "No answer needed: thanks or praise.")
    if rule is not None and (asks or rule.category in _NEEDS_ANSWER or kind in _PERSONAL):
        why = "asks something" if asks else "somebody should look at it"
        reason = f"Needs an answer: {why}; rule “{rule.name}”."
        return Triage(asks, True, rule.category, rule.urgency, language, reason)
    if asks:
        category, urgency = (rule.category, rule.urgency) if rule else (Category.GENERAL, Urgency.NORMAL)
        return Triage(True, True, category, urgency, language, "Needs an answer: asks something.")
    if _FRIENDLY.match(plain) or (tagged and len(words) <= _SHORT):
        return Triage(False, False, Category.GENERAL, Urgency.LOW, language, "No answer needed: a remark to a friend.")
    if kind in _PERSONAL or language == "und":
        reason = "Needs an answer: nothing says that it does not, so a person decides."
        return Triage(False, True, Category.GENERAL, Urgency.NORMAL, language, reason)
    if _REQUEST.search(plain):
        return Triage(False, True, Category.GENERAL, Urgency.NORMAL, language, "Needs an answer: asks for something.")
    return Triage(False, False, Category.GENERAL, Urgency.LOW, language, "No answer needed: a remark in public.")


_GRAVE = frozenset({Category.PRIVACY, Category.ADVERSE_EVENT, Category.COMPLAINT, Category.PRESS})
_NEEDS_ANSWER = _GRAVE | {Category.CLINICAL, Category.BILLING, Category.RECORDS, Category.APPOINTMENT}
_PERSONAL = frozenset({"direct_message", "form", "review"})
_SHORT = 3
_REQUEST = re.compile(r"\b(?:please|pls|plz|need|want|help|por favor|ayuda|necesito|quiero)\b")


def _wordless(text: str, read: str, kind: str, *, asks: bool) -> Triage:
    if not text.strip():
        reason = "Needs an answer: no text, so a person looks at what was attached."
        return Triage(False, True, Category.GENERAL, Urgency.NORMAL, "und", reason)
    if asks or any(character.isdigit() for character in read) or kind in _PERSONAL:
        return Triage(asks, True, Category.GENERAL, Urgency.NORMAL, "und", "Needs an answer: a person decides.")
    return Triage(False, False, Category.GENERAL, Urgency.LOW, "und", "No answer needed: signs or a tag only.")


def _emergency(plain: str) -> Rule | None:
    """Return the first emergency rule that matches a clause without an excuse in it."""
    for clause in _CLAUSE.split(plain):
        excused = EXCUSES.search(clause)
        remaining = EXCUSES.sub(" ", clause) if excused else clause
        for rule in EMERGENCIES:
            if rule.pattern.search(remaining):
                return rule
    return next((rule for rule in EMERGENCIES if rule.pattern.search(EXCUSES.sub(" ", plain))), None)


_CLAUSE = re.compile(r"(?<=[.!?;\n])\s+")


def _is_question(plain: str) -> bool:
    if "?" in plain or "¿" in plain:
        return True
    return bool(_ASKS.search(plain) or _INDIRECT.search(plain) or _TAGS.search(plain) or _SPANISH_ASKS.search(plain))


def _language(words: list[str], read: str) -> str:
    bare = [_unaccented(word) for word in words]
    spanish = sum(word in _SPANISH for word in bare) + (3 if "¿" in read or "ñ" in read else 0)
    english = sum(word in _ENGLISH for word in bare)
    if spanish > english:
        return "es"
    return "en" if english else "und"


def _unaccented(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def _normal(text: str) -> str:
    """Return *text* in lower case, with straight quotes and single spaces; letters repeat twice at the most."""
    if len(text) > LONGEST:
        text = f"{text[: LONGEST - 1000]} {text[-1000:]}"
    folded = unicodedata.normalize("NFKC", text).translate(_TRANSLATED).lower()
    return _SPACE.sub(" ", _REPEATED.sub(r"\1\1", folded)).strip()
