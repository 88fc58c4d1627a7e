"""A stand-in for a Mastodon-compatible server: what our account was told, what it said, and answering.

From a test::

    with MastodonSimulator("gotosocial") as mastodon:
        question = mastodon.says("ana", "@mercy do you take walk-ins?")
        mastodon.fail(method="POST", path="/statuses$", timeout=0.1, performed=True)

From a shell: ``python -m simulators.mastodon --kind gotosocial --port 4571``, controlled over ``/_simulator/...`` (see
`control`).

| module | holds |
|---|---|
| wire | a request and a reply, without sockets |
| kinds | in what Mastodon and GoToSocial differ |
| faults | what the next requests are told to suffer |
| objects | accounts, statuses, notifications: what there is |
| world | all of it together |
| entities, instance | an object as the server spells it |
| endpoints | what each path does |
| simulator | the control API in Python, rate limits, the request log |
| control | the same over HTTP |
| server | sockets |
"""

from simulators.mastodon.faults import Fault
from simulators.mastodon.objects import DEMO, HOSPITAL, Account, Application, Notification, Status
from simulators.mastodon.simulator import MastodonSimulator

__all__ = ["DEMO", "HOSPITAL", "Account", "Application", "Fault", "MastodonSimulator", "Notification", "Status"]
