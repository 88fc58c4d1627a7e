"""The only reader of the environment: one frozen class of settings per function.

A field `questions_table` is read from the variable `QUESTIONS_TABLE`. There are no silent defaults; the error names
what is missing and never prints a value.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Self

from switchboard.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What every function that reads the automation config needs."""

    appconfig_application: str
    appconfig_environment: str
    appconfig_profile: str
    posts_table: str

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Return the settings; raise Misconfigured naming every variable that is missing or empty."""
        names = [field.name for field in fields(cls)]
        missing = [name.upper() for name in names if not environment.get(name.upper())]
        if missing:
            raise Misconfigured(
                f"{cls.__name__}: {', '.join(missing)} not set; set it in template.yaml, under Environment"
            )
        return cls(**{name: environment[name.upper()] for name in names})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveWebhook(Settings):
    """What `receive_webhook` needs."""

    questions_table: str
    quarantine_bucket: str
    channel_secrets_prefix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PollChannels(Settings):
    """What `poll_channels` needs. *platform_urls* is a JSON object, platform to URL, that replaces the registry's."""

    questions_table: str
    channel_secrets_prefix: str
    graph_url: str
    platform_urls: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ringing(Settings):
    """What a function needs that rings staff: `notify_staff`, `escalate_questions` and `receive_sms`.

    *sms_provider* is `sns` or `end_user_messaging`, *sms_origination* the number that texts come from, or `none`,
    *sms_replies* `true` when staff can answer a text. *receipts_set* is the configuration set by which SES and End User
    Messaging tell what became of what was sent.
    """

    questions_table: str
    short_lived_table: str
    sender_email: str
    public_base_url: str
    contact_secrets_prefix: str
    sms_provider: str
    sms_origination: str
    sms_replies: str
    receipts_set: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveReceipts(Settings):
    """What `receive_receipts` needs."""

    questions_table: str
    sender_email: str
    receipts_set: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox(Settings):
    """What `inbox` needs."""

    questions_table: str
    short_lived_table: str
    sender_email: str
    receipts_set: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendAnswers(Settings):
    """What `send_answers` needs."""

    questions_table: str
    channel_secrets_prefix: str
    graph_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding(Settings):
    """What a function needs that holds posts in schedulers outside.

    *scheduler_urls* is a JSON object, kind of scheduler to URL, that replaces the registry's.
    """

    short_lived_table: str
    scheduler_secrets_prefix: str
    scheduler_urls: str
    media_bucket: str
    sender_email: str
    receipts_set: str
    public_base_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleHolds(Holding):
    """What `settle_holds` needs: no more than everybody who holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseAllPosts(Holding):
    """What `pause_all_posts` needs: no more than everybody who holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseStalePosts(Holding):
    """What `pause_stale_posts` needs."""

    questions_table: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishDuePosts(Settings):
    """What `publish_due_posts` needs."""

    channel_secrets_prefix: str
    graph_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCalendars(Settings):
    """What `read_calendars` needs: no more than everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCoverage(Settings):
    """What `report_coverage` needs."""

    sender_email: str
    receipts_set: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditQuestions(Settings):
    """What `audit_questions` needs; the SMS settings as `Ringing`'s."""

    questions_table: str
    sender_email: str
    receipts_set: str
    sms_provider: str
    sms_origination: str


def in_lambda(environment: Mapping[str, str] = os.environ) -> bool:
    """Say whether this process is a Lambda's, so that its INIT may get ready for the first event."""
    return "AWS_LAMBDA_RUNTIME_API" in environment


def metrics_namespace(environment: Mapping[str, str] = os.environ) -> str:
    """Return the namespace of this stack's metrics; raise Misconfigured when the template does not set it."""
    namespace = environment.get("POWERTOOLS_METRICS_NAMESPACE")
    if not namespace:
        raise Misconfigured("POWERTOOLS_METRICS_NAMESPACE not set; set it in template.yaml, under Globals")
    return namespace
