"""Run the simulator until it is interrupted: `python -m simulators.mastodon --port 4571`."""

import argparse
import signal
import threading
from types import FrameType

from simulators.mastodon.kinds import KINDS
from simulators.mastodon.objects import DEMO, HOSPITAL
from simulators.mastodon.simulator import MastodonSimulator


def main() -> None:
    """Serve until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m simulators.mastodon", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=4571)
    parser.add_argument("--kind", choices=sorted(KINDS), default="mastodon")
    parser.add_argument("--quiet", action="store_true", help="do not print each request")
    chosen = parser.parse_args()
    stop = threading.Event()

    def stopped(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stopped)
    with MastodonSimulator(chosen.kind, host=chosen.host, port=chosen.port, quiet=chosen.quiet) as mastodon:
        print(f"Mastodon simulator: {mastodon.url} (account {HOSPITAL.id}, token {DEMO.token})", flush=True)
        stop.wait()


if __name__ == "__main__":
    main()
