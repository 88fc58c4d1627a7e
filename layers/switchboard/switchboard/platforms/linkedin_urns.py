"""LinkedIn's names for things, in one form.

https://learn.microsoft.com/linkedin/shared/api-guide/concepts/urns

A notification calls one comment `urn:li:comment:(activity:7,9)` in one field and `urn:li:comment:(urn:li:activity:7,9)`
in another; the API says the second.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_COMMENT = re.compile(r"urn:li:comment:\((?:urn:li:)?([A-Za-z]{1,32}):([0-9]{1,32}),([0-9]{1,32})\)", re.ASCII)
_POST = re.compile(r"urn:li:(?:share|ugcPost|activity):[0-9]{1,32}", re.ASCII)
_FEED = "https://www.linkedin.com/feed/update"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A comment, by its own number and by what it stands under: *kind* is "activity", "ugcPost" or "share"."""

    kind: str
    post: str
    number: str

    @property
    def urn(self) -> str:
        """The comment's name as LinkedIn's API has it."""
        return f"urn:li:comment:(urn:li:{self.kind}:{self.post},{self.number})"

    @property
    def post_urn(self) -> str:
        """The name of the post that it stands under."""
        return f"urn:li:{self.kind}:{self.post}"

    @property
    def link(self) -> str:
        """The comment on LinkedIn's site."""
        named = f"urn%3Ali%3Acomment%3A%28{self.kind}%3A{self.post}%2C{self.number}%29"
        return f"{_FEED}/{self.post_urn}?commentUrn={named}"


def comment_of(urn: str) -> Comment | None:
    """Return the comment that *urn* names, or None when it names none."""
    found = _COMMENT.fullmatch(urn)
    return Comment(kind=found[1], post=found[2], number=found[3]) if found else None


def one_form(urn: str) -> str:
    """Return *urn*, a comment's in the form that the API has."""
    comment = comment_of(urn)
    return comment.urn if comment else urn


def link_to(*urns: str) -> str:
    """Return where the first of *urns* that has a page of its own is seen; "" when none has."""
    for urn in urns:
        if comment := comment_of(urn):
            return comment.link
        if _POST.fullmatch(urn):
            return f"{_FEED}/{urn}"
    return ""
