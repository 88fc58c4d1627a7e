"""The platforms, one line each: what the rest of the house must know of one, and which modules speak its language.

*hears* names the module in `switchboard.platforms` that takes its webhooks apart (`ports.Inbound`), *calls* the one
that calls its API (`ports.Polled`, `ports.Checks`, …). The first stands on the path that starts cold, the second may
import an HTTP client. Nothing is imported here: these are names.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """One platform.

    *account* says what `account_id` of a channel is, and is empty where a channel needs none. *url* is where its API
    is reached; empty where each account has a server of its own. *kept_at_most* is the platform's own limit for what
    people wrote, which no channel's retention exceeds. *names_only* says that its webhooks name what was written, and
    the words must be fetched. *reply_within* is how long after the author's last words it takes a direct answer.
    *in_a_sentence* is what an alert calls it, where that is not its label.
    """

    label: str
    hears: str = ""
    calls: str = ""
    account: str = ""
    url: str = ""
    kept_at_most: timedelta | None = None
    names_only: bool = False
    reply_within: timedelta | None = None
    in_a_sentence: str = ""

    @property
    def said(self) -> str:
        """What an alert calls it."""
        return self.in_a_sentence or self.label


GRAPH = "https://graph.facebook.com/v23.0"

PLATFORMS = {
    "bluesky": Platform(label="Bluesky", calls="bluesky", account="the DID, as did:plc:…"),
    "facebook": Platform(label="Facebook", hears="meta", calls="facebook", account="the Page id", url=GRAPH),
    "google_reviews": Platform(
        label="Google reviews",
        hears="google_reviews",
        calls="google_business",
        account="the location, as accounts/1/locations/2",
        url="https://mybusiness.googleapis.com/v4",
        names_only=True,
        in_a_sentence="Google review",
    ),
    "instagram": Platform(
        label="Instagram",
        hears="instagram",
        calls="instagram_api",
        account="the Instagram account id",
        url=GRAPH,
        reply_within=timedelta(hours=24),
    ),
    "linkedin": Platform(
        label="LinkedIn",
        hears="linkedin",
        calls="linkedin_api",
        account="the organisation, as urn:li:organization:1",
        url="https://api.linkedin.com",
        kept_at_most=timedelta(hours=48),
    ),
    "mastodon": Platform(label="Mastodon", calls="mastodon", account="the account's id on its server"),
    "messenger": Platform(
        label="Messenger",
        hears="meta",
        calls="messenger",
        account="the Page id",
        url=GRAPH,
        reply_within=timedelta(hours=24),
    ),
    "web_form": Platform(label="Web form", hears="web_form", in_a_sentence="web form"),
    "whatsapp": Platform(
        label="WhatsApp",
        hears="whatsapp",
        calls="whatsapp_api",
        account="the phone number id",
        url=GRAPH,
        reply_within=timedelta(hours=24),
    ),
    "x": Platform(label="X", hears="x", calls="x_api", account="the user id", url="https://api.x.com"),
    "youtube": Platform(
        label="YouTube", calls="youtube", account="the channel id, as UC…", url="https://www.googleapis.com/youtube/v3"
    ),
}
"""The registry: a new platform is one line here."""
