"""The automation config's check: every problem, its place and its remedy, in words for an admin."""

from __future__ import annotations

import copy
import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchboard.config import Duration, check, parse_duration, write_duration
from switchboard.domain.vocabulary import Urgency
from tests.fakes.hospital import DOCUMENT, config

MISSING = object()


def changed(path: str, value: object) -> Any:
    """Return the hospital's document with *value* at *path*, or without what is there when it is MISSING."""
    document: Any = copy.deepcopy(DOCUMENT)
    *parents, last = path.split(".")
    place = document
    for part in parents:
        place = place[int(part)] if isinstance(place, list) else place.setdefault(part, {})
    if value is MISSING:
        del place[last]
    else:
        place[int(last) if isinstance(place, list) else last] = value
    return document


def problems_of(document: object) -> list[str]:
    found, problems = check(document)
    assert (found is None) == bool(problems)
    return [f"{problem.path}: {problem.message}; {problem.remedy}" for problem in problems]


def test_the_hospitals_config_has_no_problem() -> None:
    assert problems_of(DOCUMENT) == []


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        # keys
        ("staf", {}, "staf: there is no key 'staf' here (did you mean 'staff'?); remove it, or use one of: organis"),
        ("routes.1.tem", "x", "routes.1.tem: there is no key 'tem' here (did you mean 'team'?); remove it, or use one"),
        ("zone", MISSING, "zone: is missing; add it, as in `zone: America/New_York`"),
        ("teams.social.rota.0", {}, "teams.social.rota.0.on: is missing; add it, as in `on: [maria, james]`"),
        ("routes", MISSING, "routes: is missing; add `routes:`; config/example.yaml shows how"),
        ("staff.Maria", {"name": "M", "phone": "+12025550101"}, "staff.Maria: is not an id; use small letters, digits"),
        ("routes", [], "routes: is empty; add at least one"),
        ("routes", {}, "routes: is not a list; write [one, two], or a line with - for each"),
        ("staff", ["maria"], "staff: is not a set of names with what belongs to each; write a line `name:` for each"),
        ("staff.maria", "Maria", "staff.maria: is not a set of keys and values; write a line `key: value` for each"),
        ("teams", None, "teams: nothing stands here; write something after the colon, or remove the key"),
        # contacts
        ("staff.maria.phone", "202-555-0101", "staff.maria.phone: is not a phone number in E.164; write + and the"),
        ("staff.maria.phone", 12025550101, "staff.maria.phone: is a number, where text is needed; put it in quotes"),
        ("staff.maria.email", "maria@", "staff.maria.email: is not an email address; write it as maria@example.org"),
        ("staff.maria", {"name": "M"}, "staff.maria: has neither phone nor email, and cannot be rung; add one of the"),
        (
            "staff.chen.alert_by",
            ["email"],
            "staff.chen.alert_by: email stands here, but chen has no email; add `email:`, or remove email from alert",
        ),
        ("staff.maria.alert_by", ["fax"], "staff.maria.alert_by.0: 'fax' is not known here; use one of: sms, email"),
        ("staff.primary", {"name": "P", "phone": "+12025550101"}, "staff.primary: the word has a meaning of its own"),
        ("last_resort", "mari", "last_resort: there is no staff member 'mari' (did you mean 'maria'?); add it, or use"),
        ("staff.maria.alert_by", ["sms", "sms"], "staff.maria.alert_by: sms stands here twice; remove one of the two"),
        (
            "staff.maria.quiet",
            {"start": "22:00", "end": "22:00"},
            "staff.maria.quiet: maria would be quiet around the clock; write when the quiet ends",
        ),
        (
            "staff.maria.quiet",
            {"start": "00:00", "end": "24:00"},
            "staff.maria.quiet: maria would be quiet around the clock; write when the quiet ends",
        ),
        (
            "staff.maria.leave",
            [{"start": "2026-12-26", "end": "2026-12-24"}],
            "staff.maria.leave.0: ends before it begins; mend its start or its end",
        ),
        (
            "staff.maria.leave",
            [{"start": "2026-02-30", "end": "2026-03-01"}],
            'staff.maria.leave.0.start: is not a day of the calendar; write it as "2026-12-24", in quotes',
        ),
        ("admins", ["bob"], "admins.0: there is no staff member 'bob'; add it, or use one of: chen, james, maria"),
        # calendars and holidays
        (
            "calendars",
            {"clinic": {}},
            "calendars.clinic: no shift takes its people from this calendar; add `calendar: clinic` to a shift, or rem",
        ),
        (
            "teams.social.rota.0",
            {"calendar": "clinic"},
            "teams.social.rota.0.calendar: there is no calendar 'clinic'; add it",
        ),
        (
            "holidays",
            [{"day": "2026-12-25", "name": "Christmas Day"}, {"day": "2026-12-25", "name": "Christmas"}],
            "holidays.1.day: holidays.0 is the same day; remove one of the two",
        ),
        (
            "holidays",
            [{"day": "25.12.2026", "name": "C"}],
            'holidays.0.day: is not a day; write it as "2026-12-24", in',
        ),
        # clocks, texts and rules
        (
            "routes.1.clock",
            "business",
            "routes.1.clock: counts business hours, but team social has none; add `business_hours:` at the top or to",
        ),
        ("policies.standard.clock", "business", "policies.standard.clock: counts business hours, but team social has"),
        ("sms.bundle_at_most", "2h", "sms.bundle_at_most: is long for somebody who waits for an answer; write 1h or"),
        ("sms.monthly_budget_usd", 0, "sms.monthly_budget_usd: is too small; write 1 or more"),
        ("sms.daily_per_person", 4, "sms.daily_per_person: is too small; write 5 or more"),
        ("sms.per_minute", "60", "sms.per_minute: is not a whole number; write digits alone, without quotes"),
        (
            "triage.rules",
            [{"name": "flu", "phrases": ["flu line"]}],
            "triage.rules.0: says nothing of a message; add `category:`, `urgency:` or `needs_answer:`",
        ),
        (
            "triage.rules",
            [{"name": "flu", "phrases": ["flu line", "   "], "category": "clinical"}],
            "triage.rules.0.phrases.1: is blank; write words as people write them",
        ),
        (
            "triage.rules",
            [{"name": "flu", "phrases": [one], "category": "clinical"} for one in ("flu line", "vaccine line")],
            "triage.rules.1.name: triage.rules.0 has the same name; give each rule a name of its own",
        ),
        # channels
        ("channels.facebook.account_id", "", "channels.facebook.account_id: is missing; a facebook channel takes only"),
        ("channels.chat", {"platform": "messenger"}, "channels.chat.account_id: is missing; a messenger channel"),
        ("channels.facebook.account_id", 100200300400500, "channels.facebook.account_id: is a number, where text is"),
        (
            "channels.again",
            {"platform": "facebook", "account_id": "100200300400500"},
            "channels.again.account_id: channel 'facebook' has the same account, so every message would ring twice;",
        ),
        (
            "channels.website.platform",
            "webform",
            "channels.website.platform: is not a platform (did you mean 'web_form'?); use one of: bluesky,",
        ),
        ("channels.website.retention_days", "90", "channels.website.retention_days: is not a whole number; write dig"),
        ("channels.website.retention_days", 0, "channels.website.retention_days: is too small; write 1 or more"),
        ("channels.website.retention_days", 9999, "channels.website.retention_days: is too large; write 3650 or less"),
        # YAML's traps
        ("switches.publish_posts", "off", "switches.publish_posts: is not true or false; write false, without quotes"),
        ("switches.publish_posts", "yes", "switches.publish_posts: is not true or false; write true, without quotes"),
        ("switches.publish_posts", 1, "switches.publish_posts: is not true or false; write true, without quotes"),
        ("switches.publish_posts", "maybe", "switches.publish_posts: is not true or false; write true or false"),
        (
            "routes.0.when.languages",
            [False],
            "routes.0.when.languages.0: YAML read this word as false: on, off, yes and no are no text without quotes;",
        ),
        ("switches.stale_posts", False, "switches.stale_posts: YAML read this word as false: on, off, yes and no are"),
        ("teams.social.rota.0.start", 480, "teams.social.rota.0.start: is a number, where text is needed; put it in"),
        # times
        ("zone", "america/new york", "zone: is not a time zone (did you mean 'America/New_York'?); use an IANA name"),
        ("zone", "../etc/passwd", "zone: is not a time zone; use an IANA name such as America/New_York"),
        ("teams.social.zone", "", "teams.social.zone: is not a time zone; use an IANA name such as America/New_York"),
        (
            "teams.social.rota.0.start",
            "24:00",
            'teams.social.rota.0.start: is not a time of day; write "00:00" to "23:',
        ),
        ("teams.social.rota.0.end", "8:00", 'teams.social.rota.0.end: is not a time of day; write "00:00" to "24:00"'),
        (
            "teams.social.rota.0.days",
            ["monday"],
            "teams.social.rota.0.days.0: 'monday' is not known here (did you mean",
        ),
        ("claims.normal", "4 hours", "claims.normal: is not a duration; write a number and a unit: 90s, 15m, 4h or 2d"),
        ("claims.normal", 15, "claims.normal: is not a duration; add the unit: 15s, 15m, 15h or 15d"),
        ("claims.normal", "0m", "claims.normal: is not a duration; write a number and a unit"),
        # names that lead nowhere
        ("routes.1.team", "nurses", "routes.1.team: there is no team 'nurses'; add it, or use one of: social"),
        ("routes.1.policy", "slow", "routes.1.policy: there is no policy 'slow'; add it, or use one of: emergency, st"),
        ("routes.0.when.channels", ["x"], "routes.0.when.channels.0: there is no channel 'x'; add it, or use one of:"),
        ("teams.social.rota.0.on", ["maria", "bob"], "teams.social.rota.0.on.1: there is no staff member 'bob'; add"),
        (
            "teams.social.rota.0.on",
            [],
            "teams.social.rota.0.on: is missing; add it, as in `on: [maria, james]`; or a r",
        ),
        (
            "teams.social.rota.0.rotation",
            {"members": ["maria"], "since": "2026-10-05T08:00"},
            "teams.social.rota.0: has on and rotation; keep one of them: on, rotation",
        ),
        (
            "policies.standard.steps.0.alert",
            "primry",
            "policies.standard.steps.0.alert: there is no staff member 'primry' (did you mean 'primary'?); add it, or",
        ),
        # routes
        (
            "routes.1.name",
            "emergencies",
            "routes.1.name: routes.0 has the same name; give each route a name of its own",
        ),
        (
            "routes.1.when",
            {"languages": ["es"]},
            "routes.1: the last route does not match every question; end the list with a route without `when`",
        ),
        ("organisation", "Hôpital", "organisation: has letters that a text cannot carry; use letters without accents"),
        ("organisation", "M" * 25, "organisation: is too long; use at most 24 letters"),
    ],
)
def test_a_problem_names_the_field_its_place_and_the_remedy(path: str, value: object, said: str) -> None:
    found = problems_of(changed(path, value))

    assert len(found) == 1, found
    assert found[0].startswith(said)


@pytest.mark.parametrize("key", [True, False, 5, None])
def test_a_key_that_yaml_took_for_something_else_is_to_be_quoted(key: object) -> None:
    document = changed("teams.social.rota.0", {key: ["maria"], "on": ["maria"]})

    (said,) = problems_of(document)

    assert said.partition("; ")[2].startswith(("put it in quotes", "write something after the colon"))


def test_on_read_as_true_is_said_to_be_a_key_without_quotes() -> None:
    found = problems_of(changed("teams.social.rota.0", {True: ["maria"]}))

    assert any("teams.social.rota.0.true: YAML read this word as true" in line for line in found)


@pytest.mark.parametrize("document", [None, [], "x", 5, True, {}, {None: None}])
def test_whatever_is_no_config_is_a_problem(document: object) -> None:
    assert problems_of(document)


def test_every_gap_of_a_rota_is_named() -> None:
    office = {"days": ["mon", "tue", "wed", "thu", "fri"], "start": "08:00", "end": "24:00", "on": ["maria"]}
    found = problems_of(changed("teams.social.rota", [office]))

    assert [line.split(";")[0] for line in found] == [
        f"teams.social.rota: nobody is on duty from {gap}"
        for gap in (
            "tue 00:00 to tue 08:00",
            "wed 00:00 to wed 08:00",
            "thu 00:00 to thu 08:00",
            "fri 00:00 to fri 08:00",
            "sat 00:00 to mon 08:00",
        )
    ]


def test_a_route_behind_one_that_takes_all_of_it_is_never_reached() -> None:
    wide = {**DOCUMENT["routes"][0], "when": {"urgencies": ["emergency", "urgent"]}}
    narrow = {**wide, "name": "narrow", "when": {"urgencies": ["urgent"], "channels": ["facebook"]}}
    document = DOCUMENT | {"routes": [wide, narrow, DOCUMENT["routes"][1], {**narrow, "name": "late"}]}

    assert [line.split("; ")[0] for line in problems_of(document)] == [
        "routes.1: no question gets here: routes.0 ('emergencies') takes all that this one would",
        "routes.3: no question gets here: routes.0 ('emergencies') takes all that this one would",
    ]


def test_a_route_that_only_overlaps_is_reached() -> None:
    first = {**DOCUMENT["routes"][0], "when": {"urgencies": ["emergency"], "channels": ["facebook"]}}
    second = {**first, "name": "second", "when": {"urgencies": ["emergency"]}}

    assert problems_of(DOCUMENT | {"routes": [first, second, DOCUMENT["routes"][1]]}) == []


def test_one_problem_does_not_hide_another() -> None:
    document = changed("staff.maria.phone", "555")
    document["staf"] = {}
    document["routes"][1]["team"] = "nurses"
    document["teams"]["social"]["rota"] = [{"start": "08:00", "end": "07:00", "on": ["maria"], "colour": "red"}]
    document["channels"]["website"]["platform"] = "carrier_pigeon"

    found = {line.split(":")[0] for line in problems_of(document)}

    assert found == {
        "staff.maria.phone",
        "staf",
        "routes.1.team",
        "teams.social.rota",
        "teams.social.rota.0.colour",
        "channels.website.platform",
    }


def test_what_follows_from_a_problem_is_not_a_problem_of_its_own() -> None:
    document = changed("teams.social.rota.0.start", "late")
    document["routes"][1]["team"] = 5

    assert [line.split(":")[0] for line in problems_of(document)] == ["teams.social.rota.0.start", "routes.1.team"]


def test_a_staff_member_is_rung_by_whatever_contact_there_is() -> None:
    document = changed("staff.zoe", {"name": "Zoe", "email": "zoe@example.org"})

    found, _ = check(document)

    assert found is not None
    assert found.staff["zoe"].alert_by == ("email",)
    assert found.staff["maria"].alert_by == ("sms", "email")


def test_a_message_never_shows_a_phone() -> None:
    assert "0151" not in str(problems_of(changed("staff.maria.phone", "0151 23456")))


def test_what_was_checked_reads_the_same_when_it_comes_back_from_appconfig() -> None:
    stored = json.loads(config().model_dump_json(exclude_none=True))

    assert check(stored) == (config(), [])


JSON_LIKE: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8) | st.booleans(), inner, max_size=3),
    max_leaves=8,
)
PATHS = [
    "organisation", "zone", "switches", "channels", "channels.facebook", "staff.maria", "staff.maria.phone", "teams",
    "teams.social", "teams.social.rota", "teams.social.rota.0", "teams.social.rota.0.on", "policies.standard.steps.0",
    "routes", "routes.0", "routes.0.when", "claims", "staleness", "last_resort",
]  # fmt: skip


@given(first=st.sampled_from(PATHS), one=JSON_LIKE, extra=JSON_LIKE)
def test_the_check_never_raises_whatever_stands_where(first: str, one: object, extra: object) -> None:
    document = changed(first, one)
    document["claims" if first != "claims" else "switches"] = extra

    for problem in check(document)[1]:
        assert problem.path
        assert problem.message
        assert problem.remedy


@given(st.integers(1, 999_999), st.sampled_from("smhd"))
def test_a_duration_reads_as_it_is_written(number: int, unit: str) -> None:
    duration: Duration = parse_duration(f"{number}{unit}")

    assert parse_duration(write_duration(duration)) == duration
    assert duration == timedelta(**{{"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}[unit]: number})


@pytest.mark.parametrize("wrong", ["", "5", "m", "-5m", "5 m", "05m", "1.5h", "5M", "\u0665m", "5m\n", 5, None, True])
def test_what_is_no_duration_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        parse_duration(wrong)


def test_a_claim_lasts_by_urgency() -> None:
    assert config().claims.lasting(Urgency.EMERGENCY) == timedelta(minutes=10)
    assert config().zone_of("social") == "America/New_York"
