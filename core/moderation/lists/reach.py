"""What follows where a list has somebody whom a follower knows, and where it has them no more.

Decision rule: whoever moderates there is never met; whom the follower has banned itself is left to it. In shadow it is
counted, in ask moderators get a card, in act they are banned as they are on the list: until then, on the account that
was banned there. Another account of theirs is asked about. Who is off the list is let back in where nobody but the list
had a say in the ban; otherwise moderators are asked. Nothing here is remembered between two looks but what came of each
person, so that a look that was missed is made up for by the next.
"""

from __future__ import annotations

from sqlalchemy import text

from core.clock import show_day
from core.moderation.cases import acts, appeals, cases
from core.moderation.cases.acts import Todo
from core.moderation.cases.cases import FROM_LIST, Case, Message
from core.moderation.cases.spots import act_on, spots_of, take_away
from core.moderation.guards.counts import note_find
from core.moderation.lists import follows, telling
from core.moderation.lists.follows import Entry, Follow
from core.moderation.lists.giving import let_back
from core.moderation.lists.listed import Listed, accounts_of_all, known_in, listed, on_list
from core.moderation.lists.shares import share_for
from core.nexuses.members import holders_of, keep_out, standing_in
from core.nexuses.roles import STANDING, out_of_reach
from core.people.people import account_of, accounts_of
from core.places.places import Place
from core.store import Unit

RULE = "ban lists"  # under which figures count them: whose list it was is nobody's concern there
AT_ONCE = 200  # people who are met in one unit of work, so that others wait a third of a second at most
_HIGH = tuple(role for role, standing in STANDING.items() if out_of_reach(standing))
_IN_TURN = text("SELECT pg_advisory_xact_lock(7310228)")


def sweep(unit: Unit) -> None:
    """Bring all followers up to what the lists say now."""
    for one in follows.active(unit):
        settle(unit, one)


def settle(unit: Unit, one: Follow) -> None:
    """Bring one follower up to what the list says now, as far as it knows the people."""
    _one_at_a_time(unit)
    on = on_list(unit, one.source_id)
    entries = {entry.person_id: entry for entry in follows.entries_of(unit, one.id)}
    for entry in entries.values():
        if entry.state != "over" and entry.person_id not in on:
            _gone(unit, one, entry)
    one = follows.follow_of(unit, one.id)  # it may have been wrong once too often
    fresh = {person: found for person, found in on.items() if is_new(found, entries.get(person))}
    known = sorted(known_in(unit, one.nexus_id, fresh), key=lambda person: fresh[person].case_id)
    for person in known[:AT_ONCE]:
        meet(unit, one, fresh[person])
    if len(known) > AT_ONCE and one.mode == "shadow":  # elsewhere an hour has to pass
        unit.wake("lists")


def seen(unit: Unit, nexus_id: int, account_id: int, here: Place, message: Message | None) -> bool:
    """Somebody of a list came or spoke. Whether what they said is taken away."""
    _one_at_a_time(unit)
    person_id, banned = int(account_of(unit, account_id)["person_id"]), None
    for one in follows.followed_by(unit, nexus_id):
        found = listed(unit, one.source_id, person_id)
        if found is not None:
            made = meet(unit, one, found, account_id=account_id, here=here)
            banned = made if made is not None and made.kind == "ban" else banned
    if banned is not None and message is not None:
        take_away(unit, banned.id, here, message, account_id=account_id, reason=log_reason(banned))
    return banned is not None


def awaited(unit: Unit, nexus_id: int) -> frozenset[tuple[str, str, str]]:
    """The accounts of people on followed lists of whom nothing came yet: (platform, workspace, external id)."""
    people: set[int] = set()
    for one in follows.followed_by(unit, nexus_id):
        entries = {entry.person_id: entry for entry in follows.entries_of(unit, one.id)}
        people |= {who for who, found in on_list(unit, one.source_id).items() if is_new(found, entries.get(who))}
    if not people:
        return frozenset()
    return frozenset(accounts_of_all(unit, people - set(holders_of(unit, nexus_id, _HIGH))))


def is_new(found: Listed, entry: Entry | None) -> bool:
    """Whether a list says something of somebody of which nothing came yet. Pure."""
    return entry is None or entry.state == "over" or found.case_id > entry.source_case


def would_meet(unit: Unit, nexus_id: int, source_id: int) -> tuple[int, list[Listed]]:
    """How many people are on a list, and whom of them it would meet in a Nexus at once, were it followed."""
    on = on_list(unit, source_id)
    met = [on[who] for who in known_in(unit, nexus_id, on) if _spared(unit, nexus_id, who) is None]
    return len(on), sorted((one for one in met if standing_ban(unit, nexus_id, one.person_id) is None), key=_newest)


def _newest(one: Listed) -> int:
    return -one.case_id


def _one_at_a_time(unit: Unit) -> None:
    if unit.postgres:
        unit.execute(_IN_TURN)


def _spared(unit: Unit, nexus_id: int, person_id: int) -> str | None:
    standing, why = standing_in(unit, person_id, nexus_id)
    return why if out_of_reach(standing) else None


def standing_ban(unit: Unit, nexus_id: int, person_id: int) -> Case | None:
    """The ban of a Nexus that keeps somebody out now; one that it decided itself before one that came from a list."""
    found = [
        case
        for case in cases.cases_of(unit, person_id, nexus_id, most=500)
        if case.kind == "ban" and case.state == "standing" and (case.until is None or case.until > unit.now)
    ]
    return next((case for case in found if not case.from_list), found[0] if found else None)


def meet(
    unit: Unit, one: Follow, found: Listed, *, account_id: int | None = None, here: Place | None = None
) -> Case | None:
    """Do what a list may do where somebody is met who is on it. The case that came of it."""
    entry = follows.entry_of(unit, one.id, found.person_id)
    if _spared(unit, one.nexus_id, found.person_id) is not None or not is_new(found, entry):
        return None
    banned = standing_ban(unit, one.nexus_id, found.person_id)
    if banned is not None:
        by_list = banned.from_list
        _put(unit, one, found, "banned" if by_list else "known", banned.id if by_list else None)
        return None
    if entry is not None and _waits(unit, entry):
        _put(unit, one, found, "asked", entry.case_id)
        return None
    if follows.room_for(unit, one) <= 0:
        return None
    target, same = whom(unit, one.nexus_id, found, account_id)
    mode = "ask" if one.mode == "act" and not same else one.mode
    case = None
    if mode == "ask":
        case = _ask(unit, one, found, target, here)
    elif mode == "act":
        case = ban(unit, one, found, target, here)
    _put(unit, one, found, {"shadow": "counted", "ask": "asked", "act": "banned"}[mode], case.id if case else None)
    note_find(unit, one.nexus_id, RULE, mode, found.person_id, case)
    return case


def _waits(unit: Unit, entry: Entry) -> bool:
    """Whether moderators were asked and have not answered yet."""
    waits = entry.state == "asked" and entry.case_id is not None
    return waits and cases.case_of(unit, entry.case_id or 0).state == "open"


def _put(unit: Unit, one: Follow, found: Listed, state: str, case_id: int | None) -> None:
    follows.put(unit, Entry(one.id, found.person_id, state, found.case_id, case_id, unit.now))


def whom(unit: Unit, nexus_id: int, found: Listed, seen_as: int | None) -> tuple[int | None, bool]:
    """Which account of theirs it is about in a Nexus, and whether that is the one that was banned on the list.

    None: they have no account where the Nexus is. Then nothing is done on a platform, and nobody is met by mistake.
    """
    spots = spots_of(unit, nexus_id)
    own = {one["id"]: one for one in accounts_of(unit, found.person_id)}
    there = [
        account_id
        for account_id, one in own.items()
        if any(s.platform == one["platform"] and one["workspace"] in ("", s.workspace) for s in spots)
    ]
    if found.account_id in there:
        return found.account_id, True
    if seen_as is not None or there:
        return (seen_as if seen_as is not None else there[0]), False
    return (found.account_id if found.account_id in own else None), True


def _ask(unit: Unit, one: Follow, found: Listed, account_id: int | None, here: Place | None) -> Case:
    case = _open(unit, one, found, "report", account_id, here, state="open")
    telling.ask(unit, one, case, since=show_day(found.since))
    return case


def _open(
    unit: Unit,
    one: Follow,
    found: Listed,
    kind: str,
    account_id: int | None,
    here: Place | None,
    *,
    by_id: int | None = None,
    why: str = FROM_LIST,
    until: int | None = None,
    state: str = "standing",
) -> Case:
    return cases.open_case(
        unit,
        nexus_id=one.nexus_id,
        kind=kind,
        person_id=found.person_id,
        account_id=account_id,
        place_id=here.id if here is not None else None,
        reason=told_reason(unit, one, found),
        by_id=by_id,
        why=why,
        until=until,
        rule=follows.rule_of(unit, one),
        state=state,
    )


def told_reason(unit: Unit, one: Follow, found: Listed) -> str:
    """Why they are on the list, if it is told to this follower."""
    shared = share_for(unit, one.source_id, one.nexus_id)
    return found.reason if shared is not None and shared.reasons else ""


def ban(
    unit: Unit,
    one: Follow,
    found: Listed,
    account_id: int | None,
    here: Place | None,
    *,
    by_id: int | None = None,
    why: str = FROM_LIST,
    by_accounts: dict[str, int | None] | None = None,
    turn: str = "",
) -> Case:
    """Ban somebody as they are on a list; `by_id` is who said yes to it, and `by_accounts` theirs by platform."""
    case = _open(unit, one, found, "ban", account_id, here, by_id=by_id, why=why, until=found.until)
    if account_id is not None:
        account = account_of(unit, account_id)
        todo = Todo(
            account["platform"],
            account["workspace"],
            "ban",
            account_id=account_id,
            by_id=(by_accounts or {}).get(account["platform"]),
            until=found.until,
            reason=log_reason(case),
            turn=turn,
            asker_id=by_id,
        )
        act_on(unit, case.id, one.nexus_id, here, todo)
    keep_out(unit, found.person_id, one.nexus_id)
    if not acts.acts_of(unit, case.id):
        telling.banned(unit, one, case)  # all of it is done; where platforms act, they are told when one has
    return case


def log_reason(case: Case) -> str:
    """What stands in the platform's own log: the number of the case, whose list it was, and why."""
    return f"Case {case.number}, ban {case.rule}" + (f": {case.reason}" if case.reason else "")


def _gone(unit: Unit, one: Follow, entry: Entry) -> None:
    """Somebody is on the list no more."""
    case = cases.case_of(unit, entry.case_id) if entry.case_id is not None else None
    if case is not None and entry.state == "asked" and case.state == "open":
        cases.move(unit, case, "closed", None)
    elif case is not None and entry.state == "banned" and case.state == "standing":
        over = case.until is not None and case.until <= unit.now  # it ends by itself in a moment
        if not over and not follows.held_by_another(unit, entry):
            _off(unit, one, entry, case)
    follows.move(unit, entry, "over")


def _off(unit: Unit, one: Follow, entry: Entry, case: Case) -> None:
    undone = a_mistake(unit, entry)
    appeal = appeals.of_case(unit, case.id)
    confirmed = case.by_id is not None or (appeal is not None and appeal.state == "upheld")
    if one.mode == "act" and not confirmed:
        made = let_back(unit, one, case, undone=undone)
        telling.let_back(unit, one, case, made)
    else:
        telling.may_come_back(unit, one, case, undone=undone)


def a_mistake(unit: Unit, entry: Entry) -> bool:
    """Whether the list took back its newest ban of somebody, which it had carried out."""
    source = cases.case_of(unit, entry.source_case)
    return source.state == "undone" and not source.not_done
