"""Which adapter stands behind which port. Each is made once per process, when it is first asked for.

Imports stand inside the functions: a Lambda loads only the adapters that it uses.
"""
# ruff: noqa: PLC0415 - see above

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from switchboard import ports, settings
    from switchboard.adapters.sms import EndUserMessagingTexts, SnsTexts
    from switchboard.config import AutomationConfig
    from switchboard.schedulers import OpenSchedulers
    from switchboard.verbs.holding import HoldingRoom
    from switchboard.verbs.switchroom import Switchroom
    from switchboard.verbs.tell_owners import Letters


@cache
def messages(config: settings.ReceiveWebhook | settings.PollChannels) -> ports.MessageStore:
    """Where messages are put that come in."""
    from switchboard.adapters.aws import client
    from switchboard.adapters.messages import DynamoMessages

    return DynamoMessages(client("dynamodb"), config.questions_table)


@cache
def channel_states(posts_table: str) -> ports.ChannelStates:
    """What is remembered of each channel."""
    from switchboard.adapters.aws import client
    from switchboard.adapters.channel_states import DynamoChannelStates

    return DynamoChannelStates(client("dynamodb"), posts_table)


@cache
def polled(platform: str, graph_url: str, platform_urls: str) -> ports.Polled | None:
    """How a platform is asked what it was told; it keeps its session from one run to the next."""
    import json

    from switchboard.domain.platform import GRAPH, PLATFORMS
    from switchboard.platforms import polled as found

    urls: dict[str, str] = json.loads(platform_urls)
    on_graph = platform in PLATFORMS and PLATFORMS[platform].url == GRAPH
    return found(platform, urls.get(platform) or (graph_url if on_graph else ""))


@cache
def channels(config: settings.Settings) -> ports.Channels:
    """The channels, read as plain JSON."""
    from switchboard.adapters.aws import client
    from switchboard.adapters.channels import AppConfigChannels
    from switchboard.adapters.configuration import ConfigurationDocument

    return AppConfigChannels(ConfigurationDocument(client("appconfigdata"), config), last_good(config.posts_table))


@cache
def automation(config: settings.Settings) -> ports.AutomationSource:
    """The whole automation config, as its model."""
    from switchboard.adapters.automation import AppConfigAutomation
    from switchboard.adapters.aws import client
    from switchboard.adapters.configuration import ConfigurationDocument

    return AppConfigAutomation(ConfigurationDocument(client("appconfigdata"), config), last_good(config.posts_table))


@cache
def last_good(posts_table: str) -> ports.LastGood:
    """The last automation config that was valid."""
    from switchboard.adapters.aws import client
    from switchboard.adapters.last_good import DynamoLastGood

    return DynamoLastGood(client("dynamodb"), posts_table)


@cache
def secrets(prefix: str) -> ports.ChannelSecrets:
    """Credentials per channel."""
    from switchboard.adapters.aws import client
    from switchboard.adapters.secrets import SecretsManagerSecrets

    return SecretsManagerSecrets(client("secretsmanager"), prefix)


@cache
def quarantine(bucket: str) -> ports.Quarantine:
    """Raw deliveries that were refused."""
    from switchboard.adapters.aws import client
    from switchboard.adapters.quarantine import S3Quarantine

    return S3Quarantine(lambda: client("s3"), bucket)


@cache
def questions(table: str) -> ports.QuestionStore:
    """Conversations."""
    from switchboard.adapters.aws import client
    from switchboard.adapters.questions import DynamoQuestions

    return DynamoQuestions(client("dynamodb"), table)


@cache
def audited_table(table: str) -> ports.AuditedTable:
    """The table of conversations as the audit reads it."""
    from switchboard.adapters.audit import DynamoAudit
    from switchboard.adapters.aws import client

    return DynamoAudit(client("dynamodb"), table)


@cache
def posts(table: str) -> ports.PostStore:
    """Our own queue of posts, and the holds."""
    from switchboard.adapters.aws import client
    from switchboard.adapters.posts import DynamoPosts

    return DynamoPosts(client("dynamodb"), table)


@cache
def sessions(table: str) -> ports.Sessions:
    """Link tokens and sessions of the inbox."""
    from switchboard.adapters.aws import client
    from switchboard.adapters.sessions import DynamoSessions

    return DynamoSessions(client("dynamodb"), table)


@cache
def calendars(posts_table: str) -> ports.CalendarSpans:
    """What the calendars of rotas say, as last read; kept for a minute."""
    from switchboard.adapters.calendar_store import CachedSpans

    return CachedSpans(calendar_store(posts_table))


@cache
def pagers(table: str) -> ports.Pagers:
    """What is remembered of each staff member's phone."""
    from switchboard.adapters.aws import client
    from switchboard.adapters.pagers import DynamoPagers

    return DynamoPagers(client("dynamodb"), table)


@cache
def meter(table: str) -> ports.Meter:
    """Counters of texts."""
    from switchboard.adapters.aws import client
    from switchboard.adapters.pagers import DynamoMeter

    return DynamoMeter(client("dynamodb"), table)


def texts(provider: str, origination: str, receipts_set: str) -> ports.Texts:
    """SMS, by the provider of the settings."""
    return _sms(provider, origination, receipts_set)


def opt_outs(provider: str, origination: str, receipts_set: str) -> ports.OptOuts:
    """The phones to which that provider delivers nothing."""
    return _sms(provider, origination, receipts_set)


@cache
def _sms(provider: str, origination: str, receipts_set: str) -> SnsTexts | EndUserMessagingTexts:
    from switchboard.adapters.aws import client
    from switchboard.adapters.sms import EndUserMessagingTexts, SnsTexts
    from switchboard.errors import Misconfigured

    match provider:
        case "sns":
            return SnsTexts(client("sns", once=True))
        case "end_user_messaging" if origination != "none":
            service = client("pinpoint-sms-voice-v2", once=True)
            return EndUserMessagingTexts(service, origination=origination, configuration_set=receipts_set)
        case _:
            raise Misconfigured("SMS_PROVIDER is neither sns nor end_user_messaging with an SMS_ORIGINATION")


@cache
def hooks() -> ports.Hooks:
    """Slack, Microsoft Teams and PagerDuty; their HTTP client is made when the first of them is rung."""
    from switchboard.adapters.hooks import LazyHooks

    return LazyHooks()


@cache
def contact_secrets(prefix: str) -> ports.ContactSecrets:
    """Where staff's chats and pager services are reached."""
    from switchboard.adapters.aws import client
    from switchboard.adapters.contact_secrets import SecretsManagerContacts

    return SecretsManagerContacts(client("secretsmanager"), prefix)


@cache
def mail(sender: str, receipts_set: str) -> ports.Mail:
    """Email by SES."""
    from switchboard.adapters.aws import client
    from switchboard.adapters.email import SesMail

    return SesMail(client("sesv2", once=True), sender, configuration_set=receipts_set)


@cache
def calendar_feeds() -> ports.CalendarFeeds:
    """Calendars at an address."""
    from switchboard.adapters.calendar_feeds import HttpCalendarFeeds

    return HttpCalendarFeeds()


@cache
def calendar_store(posts_table: str) -> ports.CalendarStore:
    """The last good copy of each calendar."""
    from switchboard.adapters.aws import client
    from switchboard.adapters.calendar_store import DynamoCalendars

    return DynamoCalendars(client("dynamodb"), posts_table)


@cache
def told_gaps(posts_table: str) -> ports.ToldGaps:
    """The gaps of the rota that the admins were told of."""
    from switchboard.adapters.aws import client
    from switchboard.adapters.calendar_store import DynamoToldGaps

    return DynamoToldGaps(client("dynamodb"), posts_table)


@cache
def metrics() -> ports.Metrics:
    """Metrics in the embedded metric format."""
    from switchboard.adapters.metrics import EmbeddedMetrics
    from switchboard.settings import metrics_namespace

    return EmbeddedMetrics(metrics_namespace())


@cache
def switchroom(config: settings.Ringing) -> Switchroom:
    """All that attending to a question needs."""
    from switchboard.verbs.switchroom import Switchroom

    return Switchroom(
        questions=questions(config.questions_table),
        sessions=sessions(config.short_lived_table),
        pagers=pagers(config.questions_table),
        meter=meter(config.short_lived_table),
        calendars=calendars(config.posts_table),
        texts=texts(config.sms_provider, config.sms_origination, config.receipts_set),
        mail=mail(config.sender_email, config.receipts_set),
        hooks=hooks(),
        contact_secrets=contact_secrets(config.contact_secrets_prefix),
        automation=automation(config),
        metrics=metrics(),
        base_url=config.public_base_url.rstrip("/"),
        two_way=config.sms_replies == "true",
    )


@cache
def scheduler_secrets(prefix: str) -> ports.SchedulerSecrets:
    """Credentials of schedulers."""
    from switchboard.adapters.aws import client
    from switchboard.adapters.scheduler_secrets import SecretsManagerSchedulers

    return SecretsManagerSchedulers(client("secretsmanager"), prefix)


@cache
def schedulers(prefix: str, urls: str) -> OpenSchedulers:
    """The schedulers outside; they keep their connections from one run to the next."""
    import json

    from switchboard.schedulers import OpenSchedulers

    return OpenSchedulers(scheduler_secrets(prefix), json.loads(urls))


@cache
def crises(posts_table: str) -> ports.CrisisStore:
    """The crisis switch."""
    from switchboard.adapters.aws import client
    from switchboard.adapters.crises import DynamoCrises

    return DynamoCrises(client("dynamodb"), posts_table)


@cache
def links() -> ports.LinkChecker:
    """Looks whether links lead somewhere."""
    from switchboard.adapters.links import HttpLinks

    return HttpLinks()


@cache
def link_looks(posts_table: str) -> ports.LinkLooks:
    """What was seen of links."""
    from switchboard.adapters.aws import client
    from switchboard.adapters.links import DynamoLinks

    return DynamoLinks(client("dynamodb"), posts_table)


@cache
def governors(posts_table: str) -> ports.Governors:
    """The channels whose posts are held for the people who wait."""
    from switchboard.adapters.aws import client
    from switchboard.adapters.governors import DynamoGovernors

    return DynamoGovernors(client("dynamodb"), posts_table)


@cache
def media(bucket: str) -> ports.MediaStore:
    """Our copies of media that a delete would lose."""
    from switchboard.adapters.aws import client
    from switchboard.adapters.media import S3Media

    return S3Media(lambda: client("s3"), bucket)


def holding_room(
    config: settings.Holding, automation: AutomationConfig, *, clock: Callable[[], datetime]
) -> HoldingRoom:
    """All that holding a post needs, by the schedulers of *automation*."""
    from switchboard.verbs.holding import HoldingRoom
    from switchboard.verbs.media_copies import MediaCopies

    return HoldingRoom(
        posts=posts(config.posts_table),
        schedulers=schedulers(config.scheduler_secrets_prefix, config.scheduler_urls).update(automation),
        media=MediaCopies(media(config.media_bucket), clock),
        metrics=metrics(),
        clock=clock,
    )


def letters(config: settings.Holding) -> Letters:
    """How the owners of posts are reached."""
    from switchboard.verbs.tell_owners import Letters

    return Letters(
        mail=mail(config.sender_email, config.receipts_set),
        sessions=sessions(config.short_lived_table),
        base_url=config.public_base_url.rstrip("/"),
    )


@cache
def replies(graph_url: str) -> Mapping[str, ports.Replies]:
    """The platforms on which we can answer, by name."""
    from switchboard.platforms.facebook import FacebookReplies
    from switchboard.platforms.graph import Graph
    from switchboard.platforms.messenger import MessengerReplies

    graph = Graph(graph_url)
    return {"facebook": FacebookReplies(graph), "messenger": MessengerReplies(graph)}


@cache
def publishers(graph_url: str) -> Mapping[str, ports.Publishes]:
    """The platforms to which we can post, by name."""
    from switchboard.platforms.facebook import FacebookPage
    from switchboard.platforms.graph import Graph

    return {"facebook": FacebookPage(Graph(graph_url))}
