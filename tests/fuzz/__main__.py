"""`python -m tests.fuzz`: mutate bodies and parse them for so many seconds; exits 1 if one broke, and keeps it."""

from __future__ import annotations

import argparse
import json
import sys
import time
import traceback
from collections import Counter
from pathlib import Path
from random import Random

from tests.fuzz.parsers import FOUND, SPEAKERS, body_for, trial

SHARED = Path(__file__).parents[3] / "shared/payloads"


def main() -> int:
    """Run until the time is up; return the exit code."""
    arguments = _arguments()
    seed, until = arguments.seed, time.monotonic() + arguments.seconds
    platforms = arguments.platform or SPEAKERS
    counts: dict[str, Counter[str]] = {platform: Counter() for platform in platforms}
    told, broken = time.monotonic(), 0
    while time.monotonic() < until:
        for platform in platforms:
            body = body_for(platform, Random(f"{platform} {seed}"))  # noqa: S311 - a repeatable choice, no secret
            try:
                counts[platform][trial(platform, body)] += 1
            except Exception:  # noqa: BLE001 - whatever it is, it is what we look for
                broken += 1
                counts[platform]["broken"] += 1
                kept = FOUND / f"{platform}-{seed}.body"
                kept.write_bytes(body)
                print(f"· {platform}, seed {seed}: kept in {kept.name}", file=sys.stderr)
                traceback.print_exc(limit=-3)
        seed += 1
        if time.monotonic() - told > 5:
            told = time.monotonic()
            print(f"· seed {seed}, {int(until - told)} s to go, {broken} broken", file=sys.stderr)
    _report(counts, arguments.seed, seed, as_json=arguments.json)
    return 1 if broken else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long (default 60)")
    parser.add_argument("--seed", type=int, default=0, help="where to begin (default 0)")
    parser.add_argument("--platform", action="append", choices=SPEAKERS, help="only this one; may be repeated")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    return parser.parse_args()


def _report(counts: dict[str, Counter[str]], first: int, last: int, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"seeds": [first, last], "platforms": counts}))
        return
    print(f"seeds {first} to {last - 1}")
    print(f"{'platform':<16}{'bodies':>9}{'messages':>10}{'ignored':>9}{'refused':>9}{'broken':>8}")
    for platform, count in counts.items():
        cells = [sum(count.values()), *(count[name] for name in ("messages", "ignored", "refused", "broken"))]
        print(
            f"{platform:<16}" + "".join(f"{cell:>{width}}" for cell, width in zip(cells, (9, 10, 9, 9, 8), strict=True))
        )


if __name__ == "__main__":
    sys.exit(main())
