"""The provider that this process was configured with: the same for every unit, so it stands beside the store."""

from __future__ import annotations

from dataclasses import dataclass

from core.store import Store, Unit

_PICTURE = "provider"


@dataclass(frozen=True, slots=True)
class Provider:
    """Where the model is. `host` is "" without a model. `each`: nothing is sent for a Nexus before it, or one above
    it, has said yes; otherwise configuring a model is that yes, until one says no. `moderates`: what might be abuse is
    read there as well, whoever it was said to."""

    host: str = ""
    each: bool = False
    moderates: bool = False


NO_PROVIDER = Provider()


def configure(store: Store, provider: Provider) -> None:
    """Say which provider this process would send to. Called once, before the first unit that asks."""
    store.pictures[_PICTURE] = provider


def provider_of(unit: Unit) -> Provider:
    """The provider that this process would send to."""
    found: Provider = unit.pictures.get(_PICTURE, NO_PROVIDER)
    return found
