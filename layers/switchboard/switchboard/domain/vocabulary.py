"""The words that config, triage and routing share."""

from __future__ import annotations

from enum import StrEnum


class Urgency(StrEnum):
    """How soon a person must look; the order is from the most to the least urgent."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    NORMAL = "normal"
    LOW = "low"


class Category(StrEnum):
    """What a question is about."""

    EMERGENCY = "emergency"
    ADVERSE_EVENT = "adverse_event"
    PRIVACY = "privacy"
    PRESS = "press"
    CLINICAL = "clinical"
    COMPLAINT = "complaint"
    BILLING = "billing"
    RECORDS = "records"
    APPOINTMENT = "appointment"
    JOB = "job"
    PRAISE = "praise"
    SPAM = "spam"
    GENERAL = "general"
