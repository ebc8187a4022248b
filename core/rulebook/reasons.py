"""Why somebody may see something or not, in words.

Nothing is revealed by asking: the thing itself was found within what the asker may see, about somebody else only those
may ask whom it concerns (the author, the stewards of its Nexus), and Nexuses that the asker may not know have no name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import bindparam, func, select

from core.access.nexuses import may_know_nexus
from core.access.records import Record
from core.clock import show_day
from core.errors import N_, NotAllowed
from core.nexuses.members import standing_in
from core.nexuses.roles import GUEST
from core.nexuses.tables import membership
from core.nexuses.tree import Nexus, nexus_of
from core.operations.context import Context
from core.operations.declare import Who
from core.people.people import Person
from core.rulebook.describe import WHO, doing, kinds_in_words, rules_in_words
from core.rules.decide import Rule
from core.rules.kinds import KINDS
from core.rules.masks import Chain, rules_on_chain
from core.rules.why import Explanation, Way, deciding, explain
from core.rules.words import AUDIENCES, NEEDS, Action, Effect

YES_GROUP = N_("Yes: {people} can {done}, unless whoever wrote it said otherwise.")
NO_GROUP = N_("No: {people} cannot {done}.")
_ROLES = AUDIENCES[6:]  # audiences that are roles
_SINCE = select(func.min(membership.c.granted_at)).where(
    membership.c.person_id == bindparam("person"),
    membership.c.nexus_id == bindparam("nexus"),
    membership.c.state == "active",
)
_SINCE_ROLE = _SINCE.where(membership.c.role == bindparam("which"))
_SINCE_MEMBER = _SINCE.where(membership.c.role != GUEST)


def about_record(context: Context, record: Record, who: Person, action: Action) -> list[str]:
    """Why a person may do that with a thing that the asker may see. Raises `NotAllowed` to whom it does not concern."""
    where = nexus_of(context.unit, record.nexus_id)
    if context.actor.person_id not in (who.id, record.author_id):
        _check_steward(context, where, who)
    found = explain(
        context.unit,
        who.id,
        action,
        kind=record.kind,
        nexus_id=record.nexus_id,
        record=record,
        record_id=record.id,
    )
    what = f"#{record.handle}"
    reasons = _Reasons(context, who, where, action, author=record.author)
    return [reasons.headline(found, what), *reasons.of(found, record.kind)]


def about_kinds(context: Context, where: Nexus, kinds: Sequence[str], who: Person, action: Action) -> list[str]:
    """The same for what others have of some kinds in a Nexus; kinds with the same answer are told together."""
    if context.actor.person_id != who.id:
        _check_steward(context, where, who)
    elif not may_know_nexus(context.unit, context.audience, where.id):
        return [N_("You are not in {nexus}, and its rules are for its members.").format(nexus=where.name)]
    reasons = _Reasons(context, who, where, action)
    answers: dict[tuple[str, ...], tuple[list[str], Explanation]] = {}
    for kind in kinds:
        found = explain(context.unit, who.id, action, kind=kind, nexus_id=where.id)
        told = answers.setdefault((str(found.allowed), *reasons.of(found, kind)), ([], found))
        told[0].append(kind)
    lines = []
    for (_, *why), (alike, found) in answers.items():
        what = N_("{kinds} in {nexus}").format(kinds=kinds_in_words(alike), nexus=where.name)
        lines += [reasons.headline(found, what), *why]
    return list(dict.fromkeys(lines))


def about_group(context: Context, where: Nexus, kinds: Sequence[str], audience: str, action: Action) -> list[str]:
    """Why a group of people may do that with what is in a Nexus, or not. For those who may know its rules."""
    inside = standing_in(context.unit, context.actor.person_id, where.id)[0] >= Who.MEMBER
    if not inside:
        return [N_("You are not in {nexus}, and its rules are for its members.").format(nexus=where.name)]
    rules = rules_on_chain(context.unit, where.id)
    reasons = _Reasons(context, Person(context.actor.person_id, context.actor.name), where, action)
    answers: dict[tuple[str, ...], list[str]] = {}
    for kind in kinds:
        answers.setdefault(reasons.of_group(rules, audience, kind), []).append(kind)
    lines = []
    for (template, *why), alike in answers.items():
        what = N_("{kinds} in {nexus}").format(kinds=kinds_in_words(alike), nexus=where.name)
        people = WHO[audience] if template == YES_GROUP or audience != "public" else N_("the public")
        lines += [template.format(people=people, done=doing([action], what)), *why]
    return list(dict.fromkeys(lines))


def _check_steward(context: Context, where: Nexus, who: Person) -> None:
    if standing_in(context.unit, context.actor.person_id, where.id)[0] < Who.STEWARD:
        raise NotAllowed(
            N_("What {person} may see is for {person} and the stewards of {nexus} to ask. You can ask about yourself."),
            person=who.name,
            nexus=where.name,
        )


class _Reasons:
    """Words for one asker, one person asked about, one Nexus and one action."""

    def __init__(self, context: Context, who: Person, where: Nexus, action: Action, *, author: str = "") -> None:
        self._context = context
        self._who = who
        self._where = where
        self._action = action
        self._author = author
        self._myself = who.id == context.actor.person_id

    def headline(self, found: Explanation, what: str) -> str:
        """Yes or no."""
        name = N_("you") if self._myself else self._who.name
        done = doing([self._action], what)
        if found.allowed:
            return N_("Yes: {name} can {done}.").format(name=name, done=done)
        return N_("No: {name} cannot {done}.").format(name=name, done=done)

    def of(self, found: Explanation, kind: str) -> list[str]:
        """The reasons, each once."""
        if found.why == "author":
            if self._myself:
                return [N_("You wrote it: what is yours you can always see.")]
            return [N_("{name} wrote it.").format(name=self._who.name)]
        if found.why == "private":
            return [N_("Thoughts are always their author's alone; no rule changes that.")]
        if found.why == "closed":
            return [N_("{nexus} is archived, and what is in it is seen by nobody.").format(nexus=self._where.name)]
        told: list[str] = []
        for needed in NEEDS[self._action]:
            ways = [way for way in found.ways if way.action is needed]
            open_ones = [way for way in ways if way.allowed and way.consent is None]
            if open_ones:
                told += self._allowed(open_ones[0]) if found.allowed else ()
            else:
                told += self._denied(ways, needed, kind)
                break
        return list(dict.fromkeys(told))

    def of_group(self, rules: Chain, audience: str, kind: str) -> tuple[str, ...]:
        """A headline for a group, whose `people` and `done` are open, and the reasons. Everybody is of the public."""
        told: list[str] = []
        for needed in NEEDS[self._action]:
            deciders = [
                deciding(rules, one, needed, kind, self._context.now) for one in dict.fromkeys((audience, "public"))
            ]
            permit = next((rule for rule in deciders if rule is not None and rule.effect == Effect.PERMIT), None)
            if permit is not None:
                told.append(self._says(permit))
                continue
            against = next((rule for rule in deciders if rule is not None), None)
            none = N_("No rule there lets {people} {done}.").format(
                people=WHO[audience], done=doing([needed], KINDS[kind].many)
            )
            return (NO_GROUP, self._says(against) if against is not None else none)
        return (YES_GROUP, *dict.fromkeys(told))

    def _allowed(self, way: Way) -> Iterator[str]:
        if way.audience != "public":
            yield self._belongs(way)
        assert way.rule is not None  # nothing is allowed without one
        yield self._says(way.rule)

    def _denied(self, ways: Sequence[Way], needed: Action, kind: str) -> Iterator[str]:
        closer = [way for way in ways if way.audience != "public"]
        if not closer:
            yield self._is_nobody()
        for way in closer or ways:
            if way.audience != "public":
                yield self._belongs(way)
            if way.rule is not None and not way.allowed:
                yield self._says(way.rule)
            elif way.consent is not None:
                yield N_("{author}, who wrote it, does not let {people} {done}.").format(
                    author=self._author, people=WHO[way.audience], done=doing([needed], N_("it"))
                )
            elif way.rule is None:
                yield N_("No rule there lets {people} {done}.").format(
                    people=WHO[way.audience], done=doing([needed], KINDS[kind].many)
                )

    def _is_nobody(self) -> str:
        if self._myself:
            return N_("You are not in {nexus}.").format(nexus=self._where.name)
        return N_("{name} is not in {nexus}.").format(name=self._who.name, nexus=self._where.name)

    def _belongs(self, way: Way) -> str:
        """By what somebody is one of an audience, and since when."""
        through = self._name(way.through) if way.through else N_("another Nexus")
        role = way.audience if way.audience in _ROLES else "member"
        article = N_("an") if role == "owner" else N_("a")
        template = N_("You are {role} of {nexus}{since}") if self._myself else N_("{name} is {role} of {nexus}{since}")
        said = template.format(
            name=self._who.name, role=f"{article} {role}", nexus=through, since=self._since(way, role)
        )
        if way.through == self._where.id:
            return f"{said}."
        tail = {
            "sub-member": N_(", which is inside {where}."),
            "linked-member": N_(", which is linked with {where}."),
        }.get(way.audience, N_(", which is above {where}."))
        return said + tail.format(where=self._where.name)

    def _since(self, way: Way, role: str) -> str:
        values = {"person": self._who.id, "nexus": way.through}
        if role == "member":
            moment = self._context.unit.value(_SINCE_MEMBER, **values)
        else:
            moment = self._context.unit.value(_SINCE_ROLE, **values, which=role)
        return N_(" since {day}").format(day=show_day(moment)) if moment else ""

    def _says(self, rule: Rule) -> str:
        said = rules_in_words([rule], self._context.now)[0]
        name = self._name(rule.nexus_id)
        if rule.made_by and rule.made_at:
            return N_("A rule of {nexus} says so since {day}: “{rule}”.").format(
                nexus=name, day=show_day(rule.made_at), rule=said
            )
        return N_("A rule of {nexus} says so from the start: “{rule}”.").format(nexus=name, rule=said)

    def _name(self, nexus_id: int) -> str:
        """What a Nexus is called, for somebody who may know of it."""
        known = nexus_id == self._where.id or may_know_nexus(self._context.unit, self._context.audience, nexus_id)
        return nexus_of(self._context.unit, nexus_id).name if known else N_("another Nexus")
