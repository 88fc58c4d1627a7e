"""What is wrong in an automation config, in words that an admin can act on: the place, the problem, the remedy.

`explain` translates pydantic's errors; `config_rules` finds what is wrong between the parts.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, cast, get_args, get_origin

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

ID = r"^[a-z][a-z0-9-]{0,62}$"
PHONE = r"^\+[1-9][0-9]{6,14}$"
EMAIL = r"^[^@\s]{1,64}@[^@\s]+\.[^@\s]+$"
CLOCK_START = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
CLOCK_END = r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"
LANGUAGE = r"^[a-z]{2,3}$"
DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$"
URL = r"^(https://[^\s]+)?$"
HOST = r"^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+$"
GSM_NAME = r"^[A-Za-z0-9 .&'-]+$"

_OF_PATTERN = {
    ID: ("is not an id", "use small letters, digits and hyphens, beginning with a letter: maria-lopez"),
    PHONE: ("is not a phone number in E.164", "write + and the country code, digits only: +12025550123"),
    EMAIL: ("is not an email address", "write it as maria@example.org"),
    CLOCK_START: ("is not a time of day", 'write "00:00" to "23:59", in quotes'),
    CLOCK_END: ("is not a time of day", 'write "00:00" to "24:00", in quotes'),
    LANGUAGE: ("is not a language code", "write two small letters (ISO 639-1): en, es"),
    DAY: ("is not a day", 'write it as "2026-12-24", in quotes'),
    MOMENT: ("is not a time on a day", 'write it as "2026-12-24T08:00", in quotes, in wall time'),
    URL: ("is not an https address", "write it as https://calendar.example.org/rota.ics"),
    GSM_NAME: ("has letters that a text cannot carry", "use letters without accents, digits, spaces and . & ' -"),
}
_OF_KEYS = {"extra_forbidden", "invalid_key"}
_OF_TYPE = {
    "int_type": ("is not a whole number", "write digits alone, without quotes"),
    "tuple_type": ("is not a list", "write [one, two], or a line with - for each"),
    "dict_type": ("is not a set of names with what belongs to each", "write a line `name:` for each, indented below"),
    "model_type": ("is not a set of keys and values", "write a line `key: value` for each, indented below"),
    "too_short": ("is empty", "add at least one"),
    "too_long": ("has too many entries", "use at most {max_length}"),
    "string_too_short": ("is empty", "write something"),
    "string_too_long": ("is too long", "use at most {max_length} letters"),
    "greater_than_equal": ("is too small", "write {ge} or more"),
    "less_than_equal": ("is too large", "write {le} or less"),
}
_NOTHING = ("nothing stands here", "write something after the colon, or remove the key")
_SWITCHED_OFF = {"off", "no", "n", "false", "0"}
_SWITCHED_ON = {"on", "yes", "y", "true", "1"}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a config: *path* is the place ("routes.2.team"), *remedy* what to do about it.

    *in_key* says that the last part of the path is itself what is wrong: a key that should not be there.
    """

    path: str
    message: str
    remedy: str
    in_key: bool = False


def explain(errors: Sequence[ErrorDetails], root: type[BaseModel]) -> list[Problem]:
    """Return the problem that each of pydantic's *errors* in a *root* model means."""
    return [_explain(error, root) for error in errors]


def is_echo(error: ErrorDetails) -> bool:
    """Return whether pydantic counts as missing what stands there and is wrong: it reports that as well."""
    return error["type"] == "too_short" and bool(error["input"])


def touched(problem: Problem, by: Iterable[Problem]) -> bool:
    """Return whether *problem* may be a mere consequence of those in *by*: the same place, or one around or in it."""
    here = f"{problem.path}."
    places = [f"{other.path}." for other in by if not other.in_key]
    return any(here.startswith(place) or place.startswith(here) for place in places)


def near(given: str, known: Iterable[str]) -> str:
    """Return " (did you mean 'social'?)" when one of the *known* words looks like *given*, else nothing."""
    found = get_close_matches(given, list(known), n=1)
    return f" (did you mean {found[0]!r}?)" if found else ""


def mended(document: Any, errors: Sequence[ErrorDetails], root: type[BaseModel]) -> object:  # noqa: ANN401 - parsed YAML
    """Return a copy of *document* in which what pydantic refused is replaced by an example, or left out.

    Return None when a whole staff member, team or the like is refused: others refer to it by name.
    """
    if any(error["type"] == "model_type" for error in errors):
        return None
    copied = copy.deepcopy(document)
    for error in sorted(errors, key=lambda error: [str(part).rjust(9) for part in error["loc"]], reverse=True):
        _mend(copied, error, root)
    return copied


# --- what pydantic says -----------------------------------------------------------------------------------------


def _explain(error: ErrorDetails, root: type[BaseModel]) -> Problem:
    loc, given = error["loc"], error["input"]
    path = ".".join(str(part) for part in loc if part != "[key]") or "the config"
    match error["type"]:
        case "missing":
            return Problem(path, "is missing", _add(_field(root, loc), str(loc[-1])))
        case "extra_forbidden":
            keys = list(_model(root, loc[:-1]).model_fields)
            message = f"there is no key {str(loc[-1])!r} here{near(str(loc[-1]), keys)}"
            return Problem(path, message, f"remove it, or use one of: {', '.join(keys)}", in_key=True)
        case "invalid_key":
            key = ".".join([*(str(part) for part in loc[:-1]), str(given).lower()])
            return Problem(key, *_read_otherwise(given), in_key=True)
        case _:
            return Problem(path, *_say(error), in_key=bool(loc) and loc[-1] == "[key]")


def _say(error: ErrorDetails) -> tuple[str, str]:
    """Return message and remedy for a value that pydantic refused."""
    given, context = error["input"], error.get("ctx", {})
    match error["type"]:
        case "value_error":
            message, _, remedy = str(error["msg"]).removeprefix("Value error, ").partition("; ")
            return _better(given, message, remedy)
        case "literal_error" | "enum" if isinstance(given, str):
            known = [word.strip(" '") for word in str(context["expected"]).replace(" or ", ", ").split(",")]
            return f"{given!r} is not known here{near(given, known)}", f"use one of: {', '.join(known)}"
        case "string_pattern_mismatch":
            return _OF_PATTERN[str(context["pattern"])]
        case "bool_type":
            return _switch(given)
        case "string_type" | "literal_error" | "enum":
            return _read_otherwise(given)
        case _ if given is None:
            return _NOTHING
        case other:
            message, remedy = _OF_TYPE.get(other, (error["msg"], "see `switchboard config schema`"))
            return message, remedy.format_map(context)


def _read_otherwise(given: object) -> tuple[str, str]:
    """Return message and remedy for a word or a number that YAML took for something else than text."""
    match given:
        case bool():
            return (
                f"YAML read this word as {str(given).lower()}: on, off, yes and no are no text without quotes",
                'put it in quotes: "on", "no"',
            )
        case int() | float():
            return "is a number, where text is needed", "put it in quotes"
        case None:
            return _NOTHING
        case _:
            return "is not a text", "write one word or sentence"


def _better(given: object, message: str, remedy: str) -> tuple[str, str]:
    """Return the model's own *message* and *remedy*, the latter with the unit or the zone that was probably meant."""
    if isinstance(given, int) and not isinstance(given, bool) and "duration" in message and given > 0:
        return message, f"add the unit: {given}s, {given}m, {given}h or {given}d"
    if isinstance(given, str) and "time zone" in message:
        from zoneinfo import available_timezones  # noqa: PLC0415 - reads hundreds of files

        zones = {zone.lower(): zone for zone in sorted(available_timezones())}
        found = get_close_matches(given.lower().replace(" ", "_"), zones, n=1)
        return (f"{message} (did you mean {zones[found[0]]!r}?)" if found else message), remedy
    return message, remedy


def _switch(given: object) -> tuple[str, str]:
    word = str(given).lower()
    meant = "false" if word in _SWITCHED_OFF else "true" if word in _SWITCHED_ON else ""
    return "is not true or false", f"write {meant}, without quotes" if meant else "write true or false"


def _add(field: FieldInfo | None, name: str) -> str:
    example: object = field.examples[0] if field and field.examples else None
    if isinstance(example, list):
        example = str(cast("list[str]", example)).replace("'", "")
    return f"add it, as in `{name}: {example}`" if example else f"add `{name}:`; config/example.yaml shows how"


# --- where in the model an error lies ---------------------------------------------------------------------------


def _model(root: type[BaseModel], loc: Sequence[int | str]) -> type[BaseModel]:
    """Return the model that stands at *loc*."""
    found: Any = root
    for part in loc:
        found = _bare(found)
        if isinstance(found, type) and issubclass(found, BaseModel):
            found = found.model_fields[str(part)].annotation
        else:
            arguments = get_args(found)
            found = arguments[1] if get_origin(found) is dict else arguments[0]
    model: type[BaseModel] = _bare(found)
    return model


def _bare(annotation: Any) -> Any:  # noqa: ANN401 - a type hint
    """Return *annotation* without what Annotated and Optional add."""
    while hasattr(annotation, "__metadata__"):
        annotation = annotation.__origin__
    if type(None) in get_args(annotation):
        return _bare(next(arm for arm in get_args(annotation) if arm is not type(None)))
    return annotation


def _field(root: type[BaseModel], loc: Sequence[int | str]) -> FieldInfo | None:
    parent: Any = _model(root, loc[:-1])
    fields: dict[str, FieldInfo] = getattr(parent, "model_fields", {})
    return fields.get(str(loc[-1]))


def _mend(document: object, error: ErrorDetails, root: type[BaseModel]) -> None:
    loc = tuple(part for part in error["loc"] if part != "[key]")
    parent: Any = document
    for part in loc[:-1]:
        if isinstance(parent, dict) and part not in parent:
            return  # gone, as part of something else that was mended
        parent = cast("Any", parent)[part]
    if not loc:
        return
    field = _field(root, loc) if loc == error["loc"] and error["type"] not in _OF_KEYS else None
    if field is not None and field.examples:
        parent[loc[-1]] = field.examples[0]
    elif isinstance(parent, list):
        del cast("list[object]", parent)[int(loc[-1])]
    else:
        written = cast("dict[object, object]", parent)
        gone = [key for key in written if not isinstance(key, str)] if error["type"] == "invalid_key" else [loc[-1]]
        for key in gone:
            written.pop(key, None)
