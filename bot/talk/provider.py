"""Whether what a person says about a Nexus may go to the provider of the model, and whose yes is missing."""

from __future__ import annotations

from enum import StrEnum
from urllib.parse import urlsplit

from bot.settings import Settings
from core.providers.consents import decision_for, person_refuses
from core.providers.provider import Provider
from core.store import Unit


def provider_at(settings: Settings) -> Provider:
    """Where a model's prompts would go, as the operator has set it."""
    return Provider(
        urlsplit(settings.model_url).hostname or "",
        each=settings.model_consent == "each",
        moderates=settings.model_moderation,
    )


class Refused(StrEnum):
    """Who has not let a turn go to the provider."""

    NOBODY = ""
    NEXUS = "nexus"
    PERSON = "person"


def refused(unit: Unit, nexus_id: int, person_id: int) -> Refused:
    """Whose yes is missing for what a person says about a Nexus."""
    if person_refuses(unit, person_id):
        return Refused.PERSON
    return Refused.NOBODY if decision_for(unit, nexus_id).allowed else Refused.NEXUS
