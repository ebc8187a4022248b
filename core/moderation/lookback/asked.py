"""Wanting to know whom rules would have met, and being told."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.engine import RowMapping

from core.clock import DAY, show_day
from core.errors import N_
from core.moderation.guards.fields import ALL
from core.moderation.guards.watched import settings_for
from core.moderation.lookback.tables import guard_look
from core.moderation.own.kept import Kept, as_spec, from_spec, own_rules, with_own
from core.moderation.signals.defaults import Rule
from core.moderation.signals.domains import Domains
from core.moderation.signals.own import Own
from core.moderation.signals.settings import Settings
from core.nexuses.members import standing_in
from core.nexuses.roles import out_of_reach
from core.nexuses.tree import below
from core.notices.notices import notify
from core.operations.declare import Who
from core.people.people import known_speaker, person_of
from core.places.tables import place
from core.store import Unit

BACK = 7 * DAY
MOST = 2_000  # messages that are read, on each platform
MOST_PLACES = 20  # that are read on each platform: those that were bound first
MOST_TRIES = 6
WAITING = 20  # looks at most that wait for one Nexus
NAMED = 7  # people who are named of one rule

_PLATFORMS = (
    select(place.c.platform)
    .where(place.c.nexus_id.in_(bindparam("nexuses", expanding=True)), place.c.kind != "direct")
    .distinct()
    .order_by(place.c.platform)
)
_PLACES = (
    select(place.c.workspace, place.c.external_id)
    .where(
        place.c.nexus_id.in_(bindparam("nexuses", expanding=True)),
        place.c.platform == bindparam("platform"),
        place.c.kind != "direct",
        place.c.thread == "",
    )
    .order_by(place.c.id)
    .limit(MOST_PLACES)
)
_ADD = insert(guard_look)
_HOW_MANY = select(func.count()).select_from(guard_look).where(guard_look.c.nexus_id == bindparam("nexus_id"))
_SAME = delete(guard_look).where(
    guard_look.c.nexus_id == bindparam("nexus"), guard_look.c.asker_id == bindparam("asker"),
    guard_look.c.rule == bindparam("called"),
)  # fmt: skip
_DUE = (
    select(guard_look)
    .where(guard_look.c.platform.in_(bindparam("platforms", expanding=True)), guard_look.c.due_at <= bindparam("at"))
    .order_by(guard_look.c.due_at, guard_look.c.id)
    .limit(bindparam("most"))
)
_NEXT = select(func.min(guard_look.c.due_at)).where(guard_look.c.platform.in_(bindparam("platforms", expanding=True)))
_LATER = (
    update(guard_look)
    .where(guard_look.c.id == bindparam("look_id"))
    .values(due_at=bindparam("when"), tries=guard_look.c.tries + 1)
)
_DONE = delete(guard_look).where(guard_look.c.id == bindparam("look_id"))

_MET = N_("In the last seven days on {platform}, {what} would have met {people}. {read}")
_NOBODY = N_("In the last seven days on {platform}, {what} would have met nobody. {read}")
_NO_HISTORY = N_(
    "{platform} shows me nothing that was written before I watched, so I can't say whom {what} would have met there. "
    "I can only count from now on."
)
_UNREADABLE = N_("I could not read what was written on {platform} lately, so I can't say whom {what} would have met.")
_READ = N_("I read {count} messages.")
_READ_BACK = N_("I read the newest {count} messages, back to {day}.")
_UNREAD = N_("Of {count} places I may not read what was written before.")
_ONE_UNREAD = N_("Of one place I may not read what was written before.")


@dataclass(frozen=True, slots=True)
class Look:
    """A look that somebody waits for, on one platform. `places` are (workspace, place) there, "" for all of one."""

    id: int
    nexus_id: int
    asker_id: int
    platform: str
    rule: str
    since: int
    tries: int
    places: tuple[tuple[str, str], ...]
    rules: Mapping[str, Rule]
    settings: Settings
    within: frozenset[int]  # the Nexus and those below it: what is written there concerns it


@dataclass(frozen=True, slots=True)
class Account:
    """Whose messages they were: (platform, workspace, id) as accounts are known by, and the name on the platform."""

    platform: str
    workspace: str
    external_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a look came to. `met`: by rule, how many messages of whom; `read` messages, the oldest at `oldest`, `whole`
    if that is all of the seven days; `unread`: places whose history may not be read."""

    met: Mapping[str, Mapping[Account, int]]
    read: int
    oldest: int
    whole: bool
    unread: int = 0


def ask(unit: Unit, nexus_id: int, asker_id: int, rule: str, own: Own | None = None) -> bool:
    """Have it looked whom a rule (or "all") would have met, on each platform of a Nexus. Whether there is any.

    The answer comes by itself. `own` is a rule that is not kept yet. Asked again, it is looked at once.
    """
    platforms = [row["platform"] for row in unit.rows(_PLATFORMS, nexuses=[nexus_id, *below(unit, nexus_id)])]
    unit.changed(_SAME, nexus=nexus_id, asker=asker_id, called=rule)
    if int(unit.value(_HOW_MANY, nexus_id=nexus_id)) + len(platforms) > WAITING:
        return False
    for platform in platforms:
        unit.execute(
            _ADD,
            {
                "id": unit.new_id(),
                "nexus_id": nexus_id,
                "asker_id": asker_id,
                "platform": platform,
                "rule": rule,
                "spec": as_spec(own) if own is not None else None,
                "since": unit.now - BACK,
                "due_at": unit.now,
                "tries": 0,
            },
        )
    if platforms:
        unit.wake("looks")
    return bool(platforms)


def due(unit: Unit, platforms: Collection[str], bad: Domains, most: int = 5) -> list[Look]:
    """The looks that are to be had on these platforms. `bad`: the operator's list of domains."""
    return [_look(unit, row, bad) for row in unit.rows(_DUE, platforms=list(platforms), at=unit.now, most=most)]


def next_due(unit: Unit, platforms: Collection[str]) -> int | None:
    """When the next one is, ms since epoch."""
    found: int | None = unit.value(_NEXT, platforms=list(platforms))
    return found


def later(unit: Unit, look: Look, pause: int) -> None:
    """Once more, after so many milliseconds; after MOST_TRIES it is told that it cannot be read."""
    if look.tries + 1 >= MOST_TRIES:
        tell(unit, look, None)
    else:
        unit.changed(_LATER, look_id=look.id, when=unit.now + pause)


def no_history(unit: Unit, look: Look) -> None:
    """The platform shows none."""
    _finish(unit, look, _NO_HISTORY, {})


def tell(unit: Unit, look: Look, outcome: Outcome | None) -> None:
    """Tell who asked; None: it could not be read. Told once: a look that is gone was told already."""
    if outcome is None:
        _finish(unit, look, _UNREADABLE, {})
        return
    said = _people(unit, look, outcome.met)
    _finish(unit, look, _MET if said else _NOBODY, {"people": said, "read": _how_much(outcome)})


def _finish(unit: Unit, look: Look, template: str, data: dict[str, str]) -> None:
    if unit.changed(_DONE, look_id=look.id) != 1:
        return
    what = N_("the rules") if look.rule == ALL else f"“{look.rule}”"
    more = {"platform": look.platform.capitalize(), "what": what}
    if standing_in(unit, look.asker_id, look.nexus_id)[0] >= Who.STEWARD:  # or they are none any more
        notify(unit, look.asker_id, template, data | more)


def _look(unit: Unit, row: RowMapping, bad: Domains) -> Look:
    nexus_id = row["nexus_id"]
    within = [nexus_id, *below(unit, nexus_id)]
    places = unit.rows(_PLACES, nexuses=within, platform=row["platform"])
    own = own_rules(unit, nexus_id)
    if row["spec"] is not None:
        own = {row["rule"]: Kept(0, nexus_id, row["rule"], from_spec(row["spec"]), 0)}
    rules = {name: rule for name, rule in with_own(own).items() if row["rule"] in (ALL, name)}
    return Look(
        row["id"],
        nexus_id,
        row["asker_id"],
        row["platform"],
        row["rule"],
        row["since"],
        row["tries"],
        tuple(dict.fromkeys((one["workspace"], one["external_id"]) for one in places)),
        rules,
        settings_for(unit, nexus_id, own, rules, bad),
        frozenset(within),
    )


def _people(unit: Unit, look: Look, met: Mapping[str, Mapping[Account, int]]) -> str:
    """Who it would have been, in words: "Otto (3), lure_bot (12)", rule by rule where it was about all of them."""
    said = []
    for rule in look.rules:
        counted = _counted(unit, look.nexus_id, met.get(rule, {}))
        if not counted:
            continue
        names = [f"{name} ({count})" for name, count in counted[:NAMED]]
        more = len(counted) - len(names)
        listed = ", ".join(names) + (N_(" and {count} more").format(count=more) if more else "")
        said.append(f"{rule}: {listed}" if look.rule == ALL else listed)
    return "; ".join(said)


def _counted(unit: Unit, nexus_id: int, met: Mapping[Account, int]) -> Sequence[tuple[str, int]]:
    """Names with how often, the most first. The accounts of one person are one; moderators are never met."""
    counts: dict[tuple[str, object], int] = {}
    for account, count in met.items():
        known = known_speaker(
            unit, platform=account.platform, workspace=account.workspace, external_id=account.external_id
        )
        if known is None:
            key: tuple[str, object] = (account.name, account)
        elif out_of_reach(standing_in(unit, known.person_id, nexus_id)[0]):
            continue
        else:
            key = (person_of(unit, known.person_id).name, known.person_id)
        counts[key] = counts.get(key, 0) + count
    return sorted(((name, count) for (name, _), count in counts.items()), key=lambda one: (-one[1], one[0]))


def _how_much(outcome: Outcome) -> str:
    """How much was read, in words."""
    if outcome.whole or not outcome.read:
        said = _READ.format(count=outcome.read)
    else:
        said = _READ_BACK.format(count=outcome.read, day=show_day(outcome.oldest))
    if outcome.unread:
        said += " " + (_ONE_UNREAD if outcome.unread == 1 else _UNREAD.format(count=outcome.unread))
    return said
