"""The demo's day as a timeline that a person can read, in a terminal or in a log."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from datetime import datetime

from rich.console import Console
from rich.markup import escape

STAFF = {"maria": "Maria Lopez", "james": "James Okafor", "ana": "Ana Torres"}


@dataclass
class Timeline:
    """Prints as it happens. All people are invented."""

    console: Console = field(default_factory=lambda: Console(highlight=False, soft_wrap=True))

    def scene(self, title: str) -> None:
        """Begin a part of the day."""
        self.console.print(f"\n[bold]── {escape(title)}[/bold]")

    def said(self, where: str, author: str, text: str) -> None:
        """Show what somebody outside wrote."""
        self._line("📞", f"{author} on {where}: “{text}”", "cyan")

    def rang(self, staff_id: str, contact: str, words: str) -> None:
        """Show an alert as it reads on the phone."""
        self._line("📱" if contact == "sms" else "📧", f"{STAFF.get(staff_id, staff_id)} gets:", "yellow")
        for paragraph in words.strip().splitlines():
            for line in textwrap.wrap(paragraph, 96) or [""]:
                self.console.print(f"            │ {escape(line)}")

    def did(self, staff_id: str, what: str) -> None:
        """Show what a staff member did."""
        self._line("🙋", f"{STAFF.get(staff_id, staff_id)} {what}", "green")

    def happened(self, what: str) -> None:
        """Show what came of it."""
        self._line("✓ ", what, "green")

    def held(self, text: str, reason: str) -> None:
        """Show a post that waits for a person, and why."""
        self._line("⏸ ", f"held: “{textwrap.shorten(text, 70)}”", "magenta")
        self.console.print(f"            │ {escape(reason)}")

    def progress(self, what: str) -> None:
        """Show what is being done while nothing happens yet."""
        self.console.print(f"[dim]{datetime.now().astimezone():%H:%M:%S}  {escape(what)} …[/dim]")

    def _line(self, sign: str, text: str, colour: str) -> None:
        self.console.print(f"{datetime.now().astimezone():%H:%M:%S}  {sign} [{colour}]{escape(text)}[/{colour}]")
