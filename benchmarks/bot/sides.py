"""A bot of the comparison: its process, in front of fakes of its own, on one platform."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.bot.platforms import Platform
from benchmarks.processes import Fakes, Process, model_environment


class Side(Process):
    """Our bot, or the bare one."""

    def __init__(self, name: str, command: Sequence[str], fakes: Fakes, platform: Platform, folder: Path) -> None:
        environment = platform.environment(fakes.addresses) | model_environment(fakes.addresses)
        super().__init__(name, command, environment, folder)
        self.fakes = fakes
        self.platform = platform

    def begin(self) -> float:
        """Start it; the seconds from the spawn until it listened."""
        self.forget()
        return self.start(lambda since: self.platform.listening(self.fakes, since))

    def forget(self) -> None:
        """Forget all requests, those to the model too."""
        self.fakes("reset")
        self.platform.forget(self.fakes)

    def requests(self) -> dict[str, int]:
        """The requests since then, to the platform and to the model."""
        model: dict[str, int] = self.fakes("counts")["openai"]
        return self.platform.requests(self.fakes) | model
