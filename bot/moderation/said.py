"""What came of acts, in words for moderators."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.engine import RowMapping

from bot.words import Words
from core.errors import N_
from core.moderation.cases.cases import Case

DONE = {
    "delete": N_("{platform}: deleted {count} messages."),
    "timeout": N_("{platform}: can read, not write."),
    "release": N_("{platform}: may write again."),
    "kick": N_("{platform}: removed."),
    "ban": N_("{platform}: banned."),
    "unban": N_("{platform}: may come back."),
    "lock": N_("{platform}: closed for writing."),
    "unlock": N_("{platform}: open as before."),
    "slow": N_("{platform}: slowed down."),
    "close_door": N_("{platform}: invitations paused."),
    "open_door": N_("{platform}: invitations work again."),
}
ONE_DELETED = N_("{platform}: deleted one message.")
SLOW_ENDED = N_("{platform}: slow mode is as it was.")
NOT_DONE = N_("{platform}: not done. {said}")
NOTHING = N_("So case {number} is marked as not done, and counts nothing.")
PARTLY = N_("{platform}: done in part. {said}")
WAITING = N_("{platform}: in progress.")
LEFT = N_("{count} are still there.")
ONE_LEFT = N_("One is still there.")


def outcome_lines(rows: Sequence[RowMapping], words: Words) -> list[str]:
    """One line for each act; the same line of several groups of one platform is said once."""
    return list(dict.fromkeys(_line(row, words) for row in rows if row["state"] != "dropped"))


def not_done_lines(made: Sequence[Case], words: Words) -> list[str]:
    """One line for each case of which nothing was done anywhere."""
    return [words(NOTHING, number=case.number) for case in made if case.not_done]


def _line(row: RowMapping, words: Words) -> str:
    platform = str(row["platform"]).capitalize()
    if row["state"] == "waiting":
        return words(WAITING, platform=platform)
    if row["state"] not in ("done", "partly"):
        return words(NOT_DONE, platform=platform, said=row["said"]).rstrip()
    if row["state"] == "partly" and row["power"] != "delete":
        return words(PARTLY, platform=platform, said=row["said"]).rstrip()
    count, left = len(row["messages"]) - len(row["left_over"]), len(row["left_over"])
    template = DONE[row["power"]]
    if row["power"] == "slow" and (row["reverses"] is not None or not row["seconds"]):
        template = SLOW_ENDED
    elif row["power"] == "delete" and count == 1:
        template = ONE_DELETED
    said = words(template, platform=platform, count=count)
    if left:
        said += " " + words(LEFT if left > 1 else ONE_LEFT, count=left)
    return f"{said} {row['said']}".rstrip()
