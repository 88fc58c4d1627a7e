"""Is somebody's life in danger? The rules of danger, after what denies, excuses or puts it in the past is set aside."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from switchboard.domain.triage.danger_rules import DANGERS, SELF_HARM, VIOLENCE
from switchboard.domain.triage.excuse_rules import DENIALS, IDIOMS, PAST, PAST_TENSE, STORY, TOLD_NOW
from switchboard.domain.triage.rule import pattern

if TYPE_CHECKING:
    from switchboard.domain.triage.rule import Rule

_CLAUSE = re.compile(r"(?<=[.!?;])\s|\n")


def danger_in(canonical: str) -> Rule | None:
    """Return the first rule of danger that *canonical* meets, or None.

    Denials and idioms are cut out, so that what stands beside them still counts ("no chest pain, but he collapsed").
    A clause about years ago counts for self-harm alone: who has tried before is at risk.
    """
    meant = pattern(DENIALS).sub(" ", pattern(IDIOMS).sub(" ", canonical))
    if SELF_HARM.matches(meant):
        return SELF_HARM
    clauses = [clause for clause in _CLAUSE.split(meant) if not pattern(PAST).search(clause)]
    if VIOLENCE.matches(" ".join(clauses)):
        return VIOLENCE
    if pattern(STORY).search(meant):
        clauses = [clause for clause in clauses if not _is_over(clause)]
    present = " ".join(clauses)
    return next((rule for rule in DANGERS if rule.matches(present)), None)


def _is_over(clause: str) -> bool:
    return bool(pattern(PAST_TENSE).search(clause)) and not pattern(TOLD_NOW).search(clause)
