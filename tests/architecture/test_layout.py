"""The shape of the code and of the documents that describe it."""

from __future__ import annotations

import ast
import json
import re

import pytest

from tests.architecture.template import ROOT

FOLDERS = sorted(path.parent for path in (ROOT / "functions").glob("*/app.py"))
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LONGEST_HANDLER = 15
TIMERS = (
    "audit_questions",
    "escalate_questions",
    "pause_stale_posts",
    "poll_channels",
    "publish_due_posts",
    "read_calendars",
    "report_coverage",
    "settle_holds",
    "pause_all_posts",
)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_function_is_one_verb_named_like_its_folder_and_a_short_handler(folder: object) -> None:
    tree = ast.parse((ROOT / "functions" / folder.name / "app.py").read_text())  # type: ignore[attr-defined]
    defined = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}

    assert folder.name in defined, "the verb"  # type: ignore[attr-defined]
    handler = defined["handler"]
    assert (handler.end_lineno or 0) - handler.lineno < LONGEST_HANDLER


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_function_has_a_sample_event(folder: object) -> None:
    samples = sorted((ROOT / "events").glob(f"{folder.name}*.json"))  # type: ignore[attr-defined]

    assert samples
    assert all(json.loads(sample.read_text()) is not None for sample in samples)


def test_nothing_happens_at_import_in_the_functions() -> None:
    done = [
        f"{folder.name}: {ast.unparse(node)[:80]}"
        for folder in FOLDERS
        for node in ast.parse((folder / "app.py").read_text()).body
        if isinstance(node, ast.With | ast.For | ast.While)
        or (isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant))
    ]

    assert done == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_of_a_document_leads_somewhere(document: object) -> None:
    text = document.read_text()  # type: ignore[attr-defined]
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", text)

    missing = [target for target in targets if not (document.parent / target).exists()]  # type: ignore[attr-defined]

    assert missing == []


def test_every_make_target_that_a_document_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        (document.name, found)
        for document in DOCUMENTS
        for found in re.findall(r"`(?:[A-Z_]+=\S+ )?make ([a-z-]+)", document.read_text())
    }

    assert {(name, found) for name, found in named if found not in targets} == set()


def test_the_architecture_names_every_package_and_function() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    packages = [path.parent.name for path in (ROOT / "layers/switchboard/switchboard").glob("*/__init__.py")]

    assert [name for name in [*packages, *(folder.name for folder in FOLDERS)] if name not in text] == []


def test_ci_runs_the_commands_of_the_readme() -> None:
    promised = set(re.findall(r"^make (\w+)", (ROOT / "README.md").read_text(), re.MULTILINE))

    assert promised == {"demo", "test"}
    run = (ROOT / ".ci" / "run").read_text()
    assert all(f"make {target}" in run for target in promised)
