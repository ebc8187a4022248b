"""A moderator's day, through a platform: a rule that counts, is looked at and may ask; a report, a mistake, an appeal,
an undo, the report of the month. What everybody was shown is kept, word by word, and makes a page of the documents.

Ana owns Home, Mo moderates it, Ben is a member, Cleo is nobody's friend. It is March 2026.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from core.clock import DAY, HOUR, ManualClock
from core.moderation.cases.tables import mod_case
from tests.contract.moderation.ground import Ground, done, later

PAGE = Path(__file__).parents[3] / "docs" / "transcripts" / "moderators-day.md"
MONDAY = int(datetime(2026, 3, 2, 9, tzinfo=UTC).timestamp() * 1000)
RULE = "unwanted words"
LURE = "The casino pays today, write to me and win"
_NEWEST = select(func.max(mod_case.c.number))
_HEAD = """# A moderator's day

Everything here is what people were shown: the page is made by playing `tests/contract/moderation/day.py` through
discord.py, and a test compares it. Telegram and Slack play the same; what Slack has no way to do, the answer says.

Ana owns Home, Mo moderates it, Ben is a member, and Cleo is only in the channel. How to set it up:
[moderating a community](../howto/moderation.md).
"""


@dataclass(frozen=True, slots=True)
class Line:
    """Something that happened: who did it ("" for nobody: they were told), what, and what they were shown then."""

    who: str
    did: str
    shown: Sequence[str]
    buttons: Sequence[str] = ()


@dataclass
class Day:
    """What happens, chapter by chapter."""

    ground: Ground
    chapters: list[tuple[str, str, list[Line]]] = field(default_factory=list)

    async def play(self) -> None:
        """All of it."""
        for who in ("Ana", "Mo", "Ben", "Cleo"):
            await self.ground.surface.say(who, "hello")  # so that each is known by name
        await self._monday()
        await self._a_week_later()
        await self._wednesday()
        await self._thursday()
        await self._friday()
        await self._april()

    async def _monday(self) -> None:
        self._chapter("Monday: a rule that only counts", "Nothing is done to anybody yet.")
        await self._says("Ana", "/guard words add=casino")
        await self._says("Ana", "/guard set mode=shadow")
        await self._presses("Ana", "Yes")
        await self._writes("Ben", "The bus to the casino museum leaves at nine.")
        await self._writes("Cleo", LURE)

    async def _a_week_later(self) -> None:
        await later(self.ground, 6 * DAY + 20 * HOUR)
        self._chapter("A week later: it may ask", "Ana looks at whom it met before she lets it do more.")
        await self._says("Ana", "/guard show", only=r"Rules of|unwanted words")
        await self._says("Ana", f"/guard set mode=ask rule=“{RULE}”")
        await self._presses("Ana", "Yes")
        self.lure = await self._writes("Cleo", LURE)
        await self._told("Mo")
        await self._presses("Mo", "Delete it")
        await self._told("Cleo")

    async def _wednesday(self) -> None:
        await later(self.ground, 2 * DAY)
        self._chapter("Wednesday: a report", "Nobody but the moderators learns that it was Ben.")
        await self._forget("Mo")
        remark = await self._writes("Cleo", "Nobody wants your old bread, Ben.")
        await self._orders("Ben", "/report that is rude", on=remark)
        await self._told("Mo")
        await self._presses("Mo", "Warn")
        await self._told("Cleo")

    async def _thursday(self) -> None:
        await later(self.ground, DAY)
        self._chapter("Thursday: a mistake, and an appeal", "Somebody other than who decided looks at it.")
        programme = await self._writes("Ben", "Market on Saturday: bread, music, soup. Market on Saturday!")
        await self._orders("Mo", "/timeout 4h the same over and over", on=programme)
        await self._told("Ben")
        if "Appeal" in self.ground.surface.buttons("Ben"):
            await self._presses("Ben", "Appeal")
            await self._says("Ben", "That was the programme of our market.")
            await self._forget("Ana")
            await self._presses("Ben", "Yes")
            await self._told("Ana")
            await self._presses("Ana", "Overturn")
            await self._told("Ben")

    async def _friday(self) -> None:
        await later(self.ground, DAY)
        self._chapter("Friday: undo", "In a hurry, it was the wrong person.")
        await self._forget("Ben")
        await self._orders("Mo", "/ban {Ben} 30d")
        await self._told("Ben")
        await self._orders("Mo", f"/undo {self._newest()} reason=“I meant somebody else”")

    async def _april(self) -> None:
        await later(self.ground, 21 * DAY)
        self._chapter("The first of April: the month", "Every member can read it. It names nobody.")
        await self._says("Ben", "/guard report 2026-03")

    # -- what people do ----------------------------------------------------------------------------------------------

    def _chapter(self, title: str, intro: str) -> None:
        self.chapters.append((title, intro, []))

    def _note(self, who: str, did: str, shown: str, buttons: Sequence[str] = ()) -> None:
        self.chapters[-1][2].append(Line(who, did, [line for line in shown.splitlines() if line.strip()], buttons))

    async def _says(self, who: str, text: str, only: str = "") -> None:
        shown = await self.ground.surface.say(who, text)
        await done(self.ground.house)  # what is looked up beside the answer is told right after it
        shown = "\n".join(filter(None, (shown, await self.ground.surface.news(who))))
        kept = [line for line in self._read(shown).splitlines() if re.search(only, line)]
        self._note(who, f"{who}, in private: {text}", "\n".join(kept))

    async def _writes(self, who: str, text: str) -> object:
        said = await self.ground.write(who, text)
        await done(self.ground.house)
        self._note(who, f"{who}, in the channel: {text}", "")
        return said

    async def _orders(self, who: str, text: str, on: object = None) -> None:
        shown = await self.ground.order(who, text, on)
        if private := await self.ground.surface.news(who):
            shown = "\n".join(filter(None, (shown, private)))
        await done(self.ground.house)
        answering = ", as an answer to that" if on is not None else ""
        named = re.sub(r"\{(\w+)\}", r"@\1", text)
        self._note(who, f"{who}{answering}: {named}", self._read(shown))

    async def _presses(self, who: str, label: str) -> None:
        shown = await self.ground.surface.press(who, label)
        await done(self.ground.house)
        self._note(who, f"{who} presses {label}.", self._read(shown))

    async def _told(self, who: str) -> None:
        shown = await self.ground.surface.news(who)
        if shown:
            self._note("", f"{who} is told:", self._read(shown))

    async def _forget(self, who: str) -> None:
        """What somebody was told until now is not news any more."""
        await self.ground.surface.news(who)

    def _read(self, shown: str) -> str:
        return shown if self.ground.name == "telegram" else _fields(shown)

    def _newest(self) -> int:
        rows = self.ground.house.store.read(lambda unit: unit.value(_NEWEST)).result()
        return int(rows)

    # -- what is read ------------------------------------------------------------------------------------------------

    def lines(self) -> list[str]:
        """Everything, line by line."""
        return [text for _, _, lines in self.chapters for one in lines for text in (one.did, *one.shown)]

    def page(self) -> str:
        """The page."""
        parts = [_HEAD]
        for title, intro, lines in self.chapters:
            parts.append(f"\n## {title}\n\n{intro}\n")
            for one in lines:
                parts.append(f"\n**{_escaped(one.did)}**\n")
                if one.shown:
                    parts.append("\n" + "\n".join(f"> {_escaped(line)}  " for line in one.shown).rstrip() + "\n")
        return "".join(parts)


def _fields(shown: str) -> str:
    """A name above its value: on one line, as it is read out."""
    names = "About|State|Since|Until|Decided by|Rule|Points left|Text"
    return re.sub(rf"^({names})\n(.+)$", r"\1: \2", shown, flags=re.MULTILINE)


def _escaped(text: str) -> str:
    return re.sub(r"([*_<>#])", r"\\\1", text)


def clock() -> ManualClock:
    """The clock of the scenario."""
    return ManualClock(MONDAY)


def ahead() -> float:
    """How many seconds the scenario is ahead of the machine's clock."""
    return MONDAY / 1000 - time.time()
