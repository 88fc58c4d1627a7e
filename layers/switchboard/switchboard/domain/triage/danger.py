"""Is somebody's life in danger? The rules of danger, after what denies, excuses or puts it in the past is set aside."""

from __future__ import annotations

import re

from switchboard.domain.triage.rule import book

_CLAUSE = re.compile(r"(?<=[.!?;])\s|\n")
_SELF_HARM, _VIOLENCE = "self-harm", "violence or abuse"


def danger_in(canonical: str) -> str:
    """Return the first rule of danger that *canonical* meets, quoted, or "".

    Denials and sayings are cut out, so that what stands beside them still counts ("no chest pain, but he collapsed").
    A clause about years ago counts for self-harm alone: who has tried before is at risk.
    """
    dangers = book("danger")
    if not any(rule.matches(canonical) for rule in dangers.values()):
        return ""
    excuses = book("excuses")
    meant = excuses["saying or campaign"].pattern().sub(" ", canonical)
    meant = excuses["denial"].pattern().sub(" ", meant)
    if dangers[_SELF_HARM].matches(meant):
        return dangers[_SELF_HARM].quoted(meant)
    clauses = [clause for clause in _CLAUSE.split(meant) if not excuses["long ago"].matches(clause)]
    lately = " ".join(clauses)
    if dangers[_VIOLENCE].matches(lately):
        return dangers[_VIOLENCE].quoted(lately)
    if excuses["story of care"].matches(meant):
        lately = " ".join(clause for clause in clauses if not _is_over(clause))
    return next((rule.quoted(lately) for rule in dangers.values() if rule.matches(lately)), "")


def _is_over(clause: str) -> bool:
    excuses = book("excuses")
    return excuses["past tense"].matches(clause) and not excuses["goes on"].matches(clause)
