"""The port `AutomationSource`, on its fake and on the real adapter over AppConfig's text and a last good copy."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from switchboard.adapters.automation import AppConfigAutomation
from switchboard.errors import Misconfigured, Unavailable
from tests.fakes.automation import FakeAutomation, FakeDocument, FakeLastGood
from tests.fakes.hospital import DOCUMENT, config

if TYPE_CHECKING:
    from switchboard.ports import AutomationSource

VALID = json.dumps(DOCUMENT)
OTHER = json.dumps(DOCUMENT | {"organisation": "Mercy North"})
WRONG = json.dumps(DOCUMENT | {"last_resort": "nobody"})


class FakeWorld:
    """The fake, and what happens to the config behind it."""

    def __init__(self) -> None:
        self.source = FakeAutomation()

    def push(self, **changes: Any) -> None:
        self.source.config, self.source.readable = config(**changes), True

    def break_content(self) -> None:
        self.source.config = None

    def cut_off(self) -> None:
        self.source.readable = False

    def restart(self) -> AutomationSource:
        return self.source


class AdapterWorld:
    """The adapter; *restart* is a new process over the same last good copy."""

    def __init__(self) -> None:
        self.document, self.last_good = FakeDocument(), FakeLastGood()
        self.source = AppConfigAutomation(self.document, self.last_good)

    def push(self, **changes: Any) -> None:
        self.document.content = json.dumps(DOCUMENT | changes)

    def break_content(self) -> None:
        self.document.content = WRONG

    def cut_off(self) -> None:
        self.document.content = None

    def restart(self) -> AutomationSource:
        self.source = AppConfigAutomation(self.document, self.last_good)
        return self.source


World = FakeWorld | AdapterWorld


@pytest.fixture(params=[FakeWorld, AdapterWorld])
def world(request: pytest.FixtureRequest) -> World:
    made: World = request.param()
    return made


def test_the_config_in_force_is_current_and_fresh(world: World) -> None:
    world.push()

    assert world.source.current() == config()
    assert world.source.fresh() == config()


def test_a_pushed_config_replaces_the_one_before(world: World) -> None:
    world.push()
    world.source.current()

    world.push(organisation="Mercy North")

    assert world.source.current().organisation == "Mercy North"


@pytest.mark.parametrize("trouble", ["break_content", "cut_off"])
@pytest.mark.parametrize("restarted", [False, True])
def test_questions_go_on_with_the_last_good_config(world: World, trouble: str, restarted: bool) -> None:  # noqa: FBT001
    world.push()
    world.source.current()

    getattr(world, trouble)()
    source = world.restart() if restarted else world.source

    assert source.current() == config()
    assert source.current() == config()


def test_fresh_never_goes_on_with_a_copy(world: World) -> None:
    world.push()
    world.source.current()

    world.break_content()
    with pytest.raises(Misconfigured):
        world.source.fresh()

    world.cut_off()
    with pytest.raises(Unavailable):
        world.source.fresh()


def test_fresh_is_seen_by_current(world: World) -> None:
    world.push()
    world.source.fresh()
    world.cut_off()

    assert world.source.current() == config()


@pytest.mark.parametrize("trouble", ["break_content", "cut_off"])
def test_without_any_config_it_is_misconfigured(world: World, trouble: str) -> None:
    getattr(world, trouble)()

    with pytest.raises(Misconfigured, match="switchboard config push"):
        world.source.current()


def test_a_config_that_comes_back_is_taken_again(world: World) -> None:
    world.push()
    world.source.current()
    world.break_content()
    world.source.current()

    world.push(organisation="Mercy North")

    assert world.source.current().organisation == "Mercy North"


# --- the adapter alone -----------------------------------------------------------------------------------------


def test_a_document_is_parsed_once_and_saved_once() -> None:
    document, last_good = FakeDocument(VALID), FakeLastGood()
    source = AppConfigAutomation(document, last_good)

    first, second = source.current(), source.current()

    assert first is second
    assert (last_good.document, last_good.saves) == (VALID, 1)
    assert source.source == "appconfig"


def test_a_copy_that_is_there_already_is_not_written_again() -> None:
    last_good = FakeLastGood(VALID)

    AppConfigAutomation(FakeDocument(VALID), last_good).current()

    assert last_good.saves == 0


def test_a_copy_that_cannot_be_saved_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    source = AppConfigAutomation(FakeDocument(VALID), FakeLastGood(fails=True))

    assert source.current() == config()
    assert "no copy" in caplog.text


def test_fresh_asks_past_the_documents_cache() -> None:
    document = FakeDocument(VALID)

    AppConfigAutomation(document, FakeLastGood()).fresh()

    assert document.asked == [True]


def test_the_log_names_places_and_never_a_value(caplog: pytest.LogCaptureFixture) -> None:
    staff = {"maria": {"name": "Secret Name", "phone": "0151-secret"}}
    document = FakeDocument(json.dumps(DOCUMENT | {"staff": staff, "zone": "secret-zone"}))
    source = AppConfigAutomation(document, FakeLastGood(VALID))

    source.current()
    source.current()

    assert source.source == "last_good"
    assert "staff.maria.phone" in caplog.text
    assert "zone" in caplog.text
    assert "secret" not in caplog.text.lower()
    assert caplog.text.count("is not valid at") == 2  # once where it was refused, once with what it goes on


@pytest.mark.parametrize("content", ["", "{", "null", "[]", "[" * 100_000, '"x"', '{"staff": {"a": null}}'])
def test_whatever_stands_in_appconfig_the_last_good_config_goes_on(content: str) -> None:
    source = AppConfigAutomation(FakeDocument(content), FakeLastGood(VALID))

    assert source.current() == config()


def test_a_last_good_copy_that_is_wrong_does_not_count() -> None:
    source = AppConfigAutomation(FakeDocument(WRONG), FakeLastGood(WRONG))

    with pytest.raises(Misconfigured, match="last_resort"):
        source.current()


def test_another_document_is_saved_over_the_last() -> None:
    document, last_good = FakeDocument(VALID), FakeLastGood()
    source = AppConfigAutomation(document, last_good)
    source.current()

    document.content = OTHER
    source.current()

    assert (last_good.document, last_good.saves) == (OTHER, 2)
