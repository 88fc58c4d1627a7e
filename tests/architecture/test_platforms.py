"""A platform is one line in the registry and its own modules: `docs/adding-a-platform.md` promises it, this counts."""

from __future__ import annotations

import re
from importlib.util import find_spec

import pytest

from switchboard.domain.platform import GRAPH, PLATFORMS
from tests.architecture.template import ROOT

SOURCES = [
    path for folder in ("functions", "layers/switchboard/switchboard", "cli") for path in (ROOT / folder).rglob("*.py")
]
GUIDE = (ROOT / "docs/platforms.md").read_text()
ADDING = (ROOT / "docs/adding-a-platform.md").read_text()
ANSWERED = {"facebook", "messenger"}
"""The platforms that can be answered by now: that stands in the domain and in the wiring."""


def own_modules(name: str) -> set[str]:
    entry = PLATFORMS[name]
    family = ("graph", "meta") if entry.url == GRAPH else ()
    stems = {stem for stem in (entry.hears, entry.calls, name, *family) if stem}
    return {f"platforms/{path.stem}" for path in SOURCES for stem in stems if path.stem.startswith(stem)}


@pytest.mark.parametrize("name", sorted(set(PLATFORMS) - ANSWERED - {"web_form"}))
def test_nothing_but_the_registry_and_its_own_modules_names_a_platform(name: str) -> None:
    quoted = re.compile(rf"""["']{re.escape(name)}["']""")
    places = {f"{path.parent.name}/{path.stem}" for path in SOURCES if quoted.search(path.read_text())}
    scheduling = {place for place in places if place.startswith("schedulers/")}

    assert places - scheduling - own_modules(name) <= {
        "domain/platform",
        "domain/scheduler_kinds",
        "switchboard_cli/replay",
    }


@pytest.mark.parametrize("name", sorted(PLATFORMS))
def test_the_modules_that_the_registry_names_exist(name: str) -> None:
    entry = PLATFORMS[name]

    assert entry.hears or entry.calls
    for module in filter(None, (entry.hears, entry.calls)):
        assert find_spec(f"switchboard.platforms.{module}"), module


@pytest.mark.parametrize("name", sorted(PLATFORMS))
def test_every_platform_has_its_row_in_the_guide(name: str) -> None:
    assert re.search(rf"^\| {re.escape(PLATFORMS[name].label)} \|", GUIDE, re.MULTILINE | re.IGNORECASE)


@pytest.mark.parametrize("name", sorted(name for name, entry in PLATFORMS.items() if entry.hears))
def test_every_platform_that_calls_has_a_sample_event(name: str) -> None:
    assert sorted((ROOT / "events").glob(f"receive_webhook_{name}*.json"))


@pytest.mark.parametrize("path", re.findall(r"`((?:tests|cli|events|domain|platforms)/[a-z_/]+(?:\.py|/))`", ADDING))
def test_every_place_that_the_guide_names_exists(path: str) -> None:
    homes = (ROOT, ROOT / "layers/switchboard/switchboard")

    assert any((home / path).exists() for home in homes)
