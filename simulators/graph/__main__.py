"""Run the simulator until it is interrupted: `python -m simulators.graph --port 4570`."""

import argparse
import signal
import threading
from types import FrameType

from simulators.graph.objects import PAGE, Page
from simulators.graph.simulator import GraphSimulator


def main() -> None:
    """Serve until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m simulators.graph", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=4570)
    parser.add_argument("--page-id", default=PAGE.id)
    parser.add_argument("--page-name", default=PAGE.name)
    parser.add_argument("--page-token", default=PAGE.token)
    parser.add_argument("--only-seeded", action="store_true", help="an id that was not seeded does not exist")
    parser.add_argument("--refuse-duplicates", action="store_true", help="error 506 for a post said twice")
    parser.add_argument("--quiet", action="store_true", help="do not print each request")
    chosen = parser.parse_args()
    stop = threading.Event()

    def stopped(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stopped)
    with GraphSimulator(
        [Page(chosen.page_id, chosen.page_token, chosen.page_name)],
        host=chosen.host,
        port=chosen.port,
        auto_create_objects=not chosen.only_seeded,
        refuse_duplicate_posts=chosen.refuse_duplicates,
        quiet=chosen.quiet,
    ) as graph:
        print(f"Graph API simulator: {graph.url}/v23.0 (page {chosen.page_id})", flush=True)
        stop.wait()


if __name__ == "__main__":
    main()
