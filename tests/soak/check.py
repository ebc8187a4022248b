"""What must be true when all is quiet again: nothing lost, nothing twice, nothing out of order."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.soak.process import Store
from tests.soak.workload import Round

THINKING = "…"
WELCOME = "I'm the Cofounder"
BROKEN = "Something went wrong"


@dataclass
class Gap:
    """What was under way at a death, by tag: replies that may have arrived unmarked, placeholders of unknown id."""

    sending: Counter[str] = field(default_factory=Counter)
    placing: Counter[str] = field(default_factory=Counter)
    recorded: set[str] = field(default_factory=set)

    def read(self, log: Path) -> None:
        """Add what the log of the process says, and empty the log."""
        if not log.exists():
            return
        open_rows: dict[str, str] = {}
        for line in log.read_text().splitlines():
            word, *rest = line.split()
            match word:
                case "recorded":
                    self.recorded.add(rest[0])
                case "sending":
                    open_rows[rest[0]] = rest[1]
                case "editing" | "marked":
                    open_rows.pop(rest[0], None)
                case "placing":
                    self.placing[rest[0]] += 1
                case "placed":
                    self.placing[rest[0]] -= 1
        for tags in open_rows.values():
            self.sending.update(tags.split(","))
        log.write_text("")


@dataclass
class Found:
    """What a round came to: figures, and what is wrong with it."""

    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    disorder: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    repeated: int = 0
    placeholders: int = 0
    lines: int = 0

    @property
    def wrong(self) -> list[str]:
        """Everything that must not be."""
        return [
            *(f"lost: {one}" for one in self.lost),
            *(f"twice: {one}" for one in self.twice),
            *(f"disorder: {one}" for one in self.disorder),
            *self.other,
        ]


def check(round_: Round, store: Store, gap: Gap) -> Found:
    """Compare what people see and what the store holds with what was said."""
    found = Found(lines=len(round_.lines))
    seen = {chat: [m for m in messages if m["from_bot"]] for chat, messages in round_.chats.items()}
    _answers(round_, seen, gap, found)
    _placeholders(seen, gap, found)
    _records(round_, store, found)
    _rows(round_, store, gap, found)
    if not any(WELCOME in message["text"] for message in seen[round_.newcomer]):
        found.lost.append("the welcome of a newcomer")
    found.other += store.trouble()
    return found


def _answers(round_: Round, seen: dict[int, list[dict[str, Any]]], gap: Gap, found: Found) -> None:
    lanes: dict[str, list[int]] = defaultdict(list)
    for line in round_.lines:
        answers = [m["message_id"] for m in seen[line.chat] if line.tag in m["text"]]
        if len(answers) < line.answers:
            found.lost.append(f"{line.text!r} has {len(answers)} answers, not {line.answers}")
        extra = len(answers) - line.answers
        if extra > 0:
            found.repeated += extra
            if extra > gap.sending[line.tag]:
                found.twice.append(f"the reply to {line.text!r}, which was not under way")
        if answers:
            lanes[line.lane].append(min(answers))
    found.disorder += [f"answers in lane {name}: {ids}" for name, ids in lanes.items() if ids != sorted(ids)]
    found.other += [m["text"] for messages in seen.values() for m in messages if BROKEN in m["text"]]


def _placeholders(seen: dict[int, list[dict[str, Any]]], gap: Gap, found: Found) -> None:
    left = [m for messages in seen.values() for m in messages if m["text"].rstrip().endswith(THINKING)]
    found.placeholders = len(left)
    allowed = sum(gap.placing.values())
    if len(left) > allowed:
        found.other.append(f"{len(left)} placeholders left, {allowed} of unknown id: {[m['text'] for m in left]}")


def _records(round_: Round, store: Store, found: Found) -> None:
    order: dict[str, list[int]] = defaultdict(list)
    bodies = store.rows("SELECT body FROM record")
    order_of = {row["key"].split(":")[2]: row["seq"] for row in store.rows("SELECT seq, key FROM audit WHERE key > ''")}
    for line in round_.lines:
        fitting = [row for row in bodies if line.tag in row["body"]]
        if len(fitting) > line.records:
            found.twice.append(f"{line.text!r} left {len(fitting)} records: {[row['body'] for row in fitting]}")
        elif len(fitting) < line.records:
            found.lost.append(f"{line.text!r} left {len(fitting)} records")
        if line.records and not line.asks:
            order[line.lane].append(order_of.get(str(line.update), 0))
    found.disorder += [f"operations in lane {name}: {seqs}" for name, seqs in order.items() if seqs != sorted(seqs)]


def _rows(round_: Round, store: Store, gap: Gap, found: Found) -> None:
    inbox = {row["event_id"]: row["state"] for row in store.rows("SELECT event_id, state FROM inbox")}
    known = gap.recorded | {str(line.update) for line in round_.lines}
    found.lost += [f"the acknowledged event {event}" for event in sorted(known - inbox.keys())]
    found.other += [f"event {event} is {inbox[event]}" for event in known & inbox.keys() if inbox[event] != "done"]
