"""The brains of a process, made from its settings. The library of the model is loaded only where one is configured."""

from __future__ import annotations

from bot.cofounder.brain import Speaks, Understands
from bot.settings import Settings
from core.operations import Registry


def make_brain(settings: Settings) -> Speaks | None:
    """The model, if one is configured. Its library is loaded only then."""
    if not settings.has_model:
        return None
    from bot.cofounder.model import ModelBrain, Patience

    return ModelBrain(
        api_key=settings.model_key.get_secret_value() or "none",
        base_url=settings.model_url,
        model=settings.model_name,
        patience=Patience(first=settings.model_timeout, between=settings.model_timeout),
    )


def make_offline(registry: Registry) -> Understands:
    """The offline brain."""
    from bot.cofounder.offline import OfflineBrain

    return OfflineBrain(registry)
