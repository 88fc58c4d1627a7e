"""Clients for AWS, each made once per process, when it is first asked for."""

from __future__ import annotations

from functools import cache
from typing import Any

from botocore.config import Config
from botocore.session import Session

# A caller waits in front of most functions, so an attempt gives up early and the next one is made soon. With a name of
# our own, botocore need not compose its own anew for every request (a tenth of a put), and what we send is checked by
# types before and by AWS after, so botocore need not walk it a third time (a fifteenth).
_COMMON: dict[str, Any] = {
    "connect_timeout": 2,
    "read_timeout": 5,
    "max_pool_connections": 20,
    "user_agent": "Switchboard",
    "parameter_validation": False,
}
_CONFIG = Config(**_COMMON, retries={"mode": "standard", "total_max_attempts": 3})
_ONCE = Config(**_COMMON, retries={"mode": "standard", "total_max_attempts": 1})


@cache
def _session() -> Session:
    return Session()


@cache
def client(service: str, *, once: bool = False) -> Any:  # noqa: ANN401 - botocore makes its clients at run time
    """Return the process's client for *service* ("dynamodb", "sns", …); region and credentials are the Lambda's.

    With *once* it never retries by itself: what rings a phone must not be sent twice because an answer was late.
    """
    return _session().create_client(service, config=_ONCE if once else _CONFIG)
