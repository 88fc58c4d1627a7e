"""The HTML of a post in WordPress as plain text, for those who judge and read it.

Linear in the length: one expression finds the tags. A cell of a table stays apart from the next, so that a day and an
hour do not run together, and a link bears its address, so that it can be looked at.
"""

from __future__ import annotations

import re
from html import unescape

_TAG = re.compile(r"<(!--|/?[A-Za-z][A-Za-z0-9:-]*)([^<>]*)>")
_HREF = re.compile(r"""\bhref=(?:"([^"]*)"|'([^']*)')""")
_ALT = re.compile(r"""\balt=(?:"([^"]*)"|'([^']*)')""")
_NOT_SHOWN = frozenset({"script", "style"})
_CELLS = frozenset({"td", "th"})
_IN_A_LINE = re.compile(
    "!--|a|abbr|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|img|ins|kbd|label|mark|q|s|samp|small|span|strike|strong|"
    "sub|sup|time|tt|u|var|wbr"
)


def text_of_html(html: str) -> str:
    """Return what *html* shows: a line for every block, the address behind a link, the words for a picture."""
    parts: list[str] = []
    hidden, href, at, linked_from = "", "", 0, 0
    for tag in _TAG.finditer(html):
        if not hidden:
            parts.append(_characters(html[at : tag.start()]))
        at = tag.end()
        name, closes = tag[1].lower().lstrip("/"), tag[1].startswith("/")
        if hidden:
            hidden = "" if closes and name == hidden else hidden
        elif name in _NOT_SHOWN:
            hidden = "" if closes else name
        elif name == "a":
            if closes and href and href not in "".join(parts[linked_from:]):
                parts.append(f" ({href})")
            href = "" if closes else _address(tag[2])
            linked_from = len(parts)
        else:
            parts.append(_between(name, tag[2]))
    if not hidden:
        parts.append(_characters(html[at:]))
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _between(name: str, attributes: str) -> str:
    if name == "img":
        return f" {_attribute(_ALT, attributes)} "
    if name in _CELLS:
        return " "
    return "" if _IN_A_LINE.fullmatch(name) else "\n"


def _address(attributes: str) -> str:
    found = _attribute(_HREF, attributes)
    return found if found.startswith(("https://", "http://")) else ""


def _attribute(pattern: re.Pattern[str], attributes: str) -> str:
    found = pattern.search(attributes)
    return _characters(found[1] or found[2] or "").strip() if found else ""


def _characters(text: str) -> str:
    try:
        return unescape(text)
    except ValueError:  # a character's number of thousands of digits
        return text
