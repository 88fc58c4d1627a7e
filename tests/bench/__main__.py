"""`python -m tests.bench`: INIT, first and warm call, memory and AWS calls of every function as built."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.built import FLOOR, ROOT, config_document, variants
from tests.bench.measure import Stub, measure
from tests.bench.report import all_met, rows, table
from tests.bench.runtime import Failed, Worker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.bench.runtime import Variant


def main() -> int:
    """Measure; exit 0 when every budget is met, 1 when one is missed, 2 when nothing could be measured."""
    wishes = _arguments()
    build, work = wishes.build.resolve(), ROOT / ".local/bench"
    if not (build / "template.yaml").exists():
        _say(f"nothing is built in {build}; run make build")
        return 2
    work.mkdir(parents=True, exist_ok=True)
    with Stub(work, config_document()) as stub:
        everything = list(variants(build, work, stub.url))
        wanted = [variant for variant in everything if _is_wanted(variant.name, wishes.function)]
        runnable = [variant for variant in wanted if _runs(variant, work)]
        if len(runnable) == 1:
            _say("no function to measure")
            return 2
        measured = measure(runnable, stub, work, rounds=wishes.rounds, said=_say)
    if not wishes.json:
        print(table(measured))  # noqa: T201 - that is what it is for
    for row in rows(measured):
        print(row.as_json())  # noqa: T201
    return 0 if all_met(measured) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description="Measure the functions as built, under AWS's runtime client, beside boto3 alone.",
    )
    parser.add_argument("--rounds", type=int, default=11, help="how often each function is started (default: 11)")
    parser.add_argument("--function", action="append", help="only this one; may be given several times")
    parser.add_argument("--json", action="store_true", help="only the JSON lines")
    parser.add_argument("--build", type=Path, default=ROOT / ".aws-sam/build", help="where the functions were built")
    return parser.parse_args()


def _is_wanted(name: str, functions: Sequence[str] | None) -> bool:
    return name == FLOOR or not functions or name.partition(",")[0] in functions


def _runs(variant: Variant, work: Path) -> bool:
    """Say whether it starts: one that does not exist yet, or does not import, is left out with a word."""
    if not variant.folder.exists():
        _say(f"{variant.name}: not built, left out")
        return False
    try:
        with Worker(variant, log=work / "trial.log"):
            return True
    except Failed as failure:
        _say(f"{variant.name}: left out; {failure}")
        return False


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
