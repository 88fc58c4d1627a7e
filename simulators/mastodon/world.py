"""Everything that the simulator knows. Not thread-safe: the simulator holds a lock around it."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from simulators.mastodon.kinds import Kind
from simulators.mastodon.objects import Account, Application, Notification, Scheduled, Status

SOONEST = timedelta(minutes=5)
KEY_LASTS = timedelta(hours=1)
_HANDLE = re.compile(r"@([A-Za-z0-9_]+)")


class World:
    """One server, seen by *us*: the account that *application*'s token stands for."""

    def __init__(self, kind: Kind, us: Account, application: Application, now: Callable[[], datetime]) -> None:
        self.kind, self.us, self.application, self.now = kind, us, application, now
        self.accounts = {us.id: us}
        self.statuses: dict[str, Status] = {}
        self.notifications: list[Notification] = []
        self.scheduled: list[Scheduled] = []
        self.boosted: set[str] = set()
        self.keys: dict[str, tuple[str, datetime]] = {}
        self.token_dead = False
        self._number = 0

    def number(self) -> int:
        """Give a number that no id has yet."""
        self._number += 1
        return self._number

    def account(self, username: str, display_name: str = "") -> Account:
        """Give the account of that name, made if there is none."""
        known = next((one for one in self.accounts.values() if one.username == username), None)
        if known is None:
            known = Account(self.kind.new_status_id(self.now(), self.number()), username, display_name)
            self.accounts[known.id] = known
        return known

    def add(self, status: Status) -> None:
        """Publish *status*: whom it mentions is known from its text, and we are told if we are among them."""
        self.statuses[status.id] = status
        status.mentioned = self._mentioned(status)
        if self.us in status.mentioned and status.account != self.us:
            self.tell("mention", status.account, status)

    def edit(self, status: Status, text: str) -> None:
        """Change what *status* says. Who is told of it depends on the kind of server."""
        status.text, status.edited_at = text, self.now()
        status.mentioned = self._mentioned(status)
        concerns_us = self.kind.tells_edits and self.us in status.mentioned
        if status.account != self.us and (concerns_us or status.id in self.boosted):
            self.tell("update", status.account, status)

    def remove(self, status_id: str) -> None:
        """Delete a status; what was told of it goes with it."""
        del self.statuses[status_id]
        self.notifications = [one for one in self.notifications if one.status_id != status_id]

    def tell(self, type_: str, account: Account, status: Status | None = None) -> Notification:
        """Notify us, now."""
        now = self.now()
        made = Notification(
            self.kind.new_notification_id(now, self.number()), type_, account, now, status.id if status else None
        )
        self.notifications.append(made)
        return made

    def by(self, account_id: str) -> list[Status]:
        """Give what an account said, the newest first."""
        return [status for status in self.newest() if status.account.id == account_id]

    def newest(self) -> list[Status]:
        """Give all statuses, the newest first."""
        return sorted(self.statuses.values(), key=lambda status: self.kind.order(status.id))[::-1]

    def ancestors(self, status: Status) -> list[Status]:
        """Give what *status* answers to, and what that answers to, the oldest first."""
        found: list[Status] = []
        parent = self.statuses.get(status.in_reply_to_id or "")
        while parent is not None and parent not in found:
            found.append(parent)
            parent = self.statuses.get(parent.in_reply_to_id or "")
        return found[::-1]

    def descendants(self, status_id: str) -> Iterator[Status]:
        """Give the answers to a status, each followed by the answers to it."""
        for status in self.newest()[::-1]:
            if status.in_reply_to_id == status_id:
                yield status
                yield from self.descendants(status.id)

    def publish_due(self) -> None:
        """Publish what was scheduled for now or earlier."""
        due = [one for one in self.scheduled if one.scheduled_at <= self.now()]
        self.scheduled = [one for one in self.scheduled if one not in due]
        for one in due:
            named = self.kind.new_status_id(self.now(), self.number())
            self.add(Status(named, self.us, one.text, self.now(), one.visibility, in_reply_to_id=one.in_reply_to_id))

    def _mentioned(self, status: Status) -> list[Account]:
        names = _HANDLE.findall(status.text)
        return [account for account in self.accounts.values() if account.username in names]
