"""Where something begins in a canonical text: at the beginning, after a sentence, after any stop; fillers set aside."""

from __future__ import annotations

import re
from functools import lru_cache

_FILLER = re.compile(
    r"(?:so|and|well|but|or|ok|okay|oh|ooh|ah|aw|aww|um|uh|er|hmm|hey|heyy|hi|hello|yo|please|then|now|yeah|yep|yes|no|"
    r"lol|lmao|haha|like|just|because|cuz|cause|also|actually|anyway|anyways|i mean|you know|say|guys|folks|everyone|"
    r"everybody|all|doctor|sir|madam|maam|hun|sweet|girl|dude|man|bro|omg|wow|sorry|excuse me|good morning|"
    r"good afternoon|good evening|good day|thanks|thank you|btw|honestly|seriously|really|maybe|team|there|urgent|"
    r"question|quick question|my question is|admin|still|dear)(?:\.\.\.|[,.!:@ -]){1,4}"
)
_FILLERS = 5
_LEAD = re.compile(r"[ @,.:*-]{0,3}")
_AFTER_STOP = re.compile(r"[.!?;:,()\"\n@*/-] ?")
_AFTER_SENTENCE = re.compile(r"[.!?\"\n@*] ?|- ")

PLACES = ("first", "sentence", "start")


@lru_cache(maxsize=4)
def places(text: str) -> dict[str, tuple[int, ...]]:
    """Return the positions where something may begin: "first" in the text, of a "sentence", or at any "start"."""
    lead = _LEAD.match(text)
    return {
        "first": _past_fillers(text, range(lead.end() + 1 if lead else 1)),
        "sentence": _past_fillers(text, _after(_AFTER_SENTENCE, text)),
        "start": _past_fillers(text, _after(_AFTER_STOP, text)),
    }


def _after(stop: re.Pattern[str], text: str) -> list[int]:
    found = [0]
    for one in stop.finditer(text):
        found += [one.start() + 1, one.end()]
    return found


def _past_fillers(text: str, begins: list[int] | range) -> tuple[int, ...]:
    found: set[int] = set()
    for begin in begins:
        at = begin
        for _ in range(_FILLERS + 1):
            if at in found:
                break
            found.add(at)
            filler = _FILLER.match(text, at)
            if filler is None:
                break
            at = filler.end()
    return tuple(sorted(found))
