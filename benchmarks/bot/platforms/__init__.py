"""The platforms of the comparison: how each is talked on, and what its requests are."""

from benchmarks.bot.platforms.discord import Discord
from benchmarks.bot.platforms.platform import Permitted, Platform, Talked
from benchmarks.bot.platforms.slack import Slack
from benchmarks.bot.platforms.telegram import Telegram

PLATFORMS: dict[str, Platform] = {one.name: one for one in (Telegram(), Discord(), Slack())}

__all__ = ["PLATFORMS", "Permitted", "Platform", "Talked"]
