"""The kinds of schedulers, one line each; each is a module of this name in `switchboard.schedulers`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulerKind:
    """One kind. *account* says what `account_id` is, and is empty where none is needed.

    *profiles* says what the keys of `profiles` are, and is empty where an account has only one. *url* is where its
    API is reached; empty where each account has a server of its own.
    """

    label: str
    account: str = ""
    profiles: str = ""
    url: str = ""


KINDS = {
    "buffer": SchedulerKind(
        label="Buffer", account="the organisation id", profiles="the channel ids", url="https://api.buffer.com"
    ),
    "facebook": SchedulerKind(label="Facebook Page", account="the Page id", url="https://graph.facebook.com/v23.0"),
    "hootsuite": SchedulerKind(
        label="Hootsuite", profiles="the social profile ids", url="https://platform.hootsuite.com"
    ),
    "mastodon": SchedulerKind(label="Mastodon"),
    "postiz": SchedulerKind(label="Postiz", profiles="the integration ids"),
    "wordpress": SchedulerKind(label="WordPress"),
}
