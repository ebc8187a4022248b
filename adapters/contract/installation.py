"""Workspaces that installed the bot by themselves (OAuth), with the token each gave."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Installation:
    """One workspace's installation. `data` is what the platform's library needs, as one JSON text: it holds secrets.

    `workspace` is the platform's id of it; `name` is for people.
    """

    platform: str
    workspace: str
    name: str
    data: str = field(repr=False)


class Installations(Protocol):
    """Where installations are kept. The bot encrypts `data` at rest."""

    async def save(self, installation: Installation) -> None:
        """Keep it, in the place of an earlier one of that workspace."""

    async def find(self, workspace: str) -> Installation | None:
        """The installation of a workspace, or None."""

    async def forget(self, workspace: str) -> None:
        """The workspace took the bot away: its token is wiped."""

    async def all(self) -> list[Installation]:
        """Every installation of this platform."""
