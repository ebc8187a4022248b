"""What is kept about you: see it, take it along, have it forgotten."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from core.buttons.buttons import Choice
from core.clock import as_datetime, show_day
from core.errors import N_, NotFound
from core.nexuses.members import memberships_of
from core.operations.context import Context
from core.operations.declare import Confirm, operation
from core.people.people import accounts_of
from core.privacy import book_declared as _book_declared
from core.privacy import case_declared as _case_declared
from core.privacy import declared as _declared
from core.privacy import export, forget, says
from core.privacy import list_declared as _list_declared
from core.privacy.copies import Copy, copies_left
from core.privacy.data import Things, picture
from core.privacy.what import EVERYTHING, TALK, What
from core.privacy.whose import SHORTENED, Whose, whose
from core.rules.kinds import KINDS, RECORDS

WHAT = What(N_("what I should forget: everything, our talk, your thoughts, needs, offers or facts, or one thing (#…)"))
GONE = N_("It is deleted for good, with everything that repeats it; I cannot bring it back.")
_STORED = N_(
    "Copies of the whole store still have it until they go: {copies}. They are used only if the store is ever lost."
)


@dataclass(frozen=True, slots=True)
class OneAccount:
    """An account as its owner would recognise it."""

    platform: str
    name: str
    username: str


@dataclass(frozen=True, slots=True)
class Belonging:
    """A Nexus and the roles that somebody has in it."""

    name: str
    roles: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept about somebody, where, and who may see it. `history` counts lines; `more` are sentences."""

    name: str
    accounts: tuple[OneAccount, ...]
    belongs: tuple[Belonging, ...]
    things: tuple[Things, ...]
    history: int
    more: tuple[str, ...]
    copies: tuple[Copy, ...]


@dataclass(frozen=True, slots=True)
class Exported:
    """Everything about somebody as one document."""

    file: str
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was forgotten ("everything", "talk", a kind, or "one"), how many entries went, and what still has it."""

    what: str
    count: int
    platforms: tuple[str, ...]
    suspended: tuple[str, ...]
    copies: tuple[Copy, ...]


@operation(
    "my.data",
    private=True,
    common=True,
    says=says.DATA,
)
def my_data(context: Context) -> Kept:
    """What I keep about you, and who may see it."""
    unit, me = context.unit, context.actor.person_id
    roles: dict[str, list[str]] = {}
    for row in memberships_of(unit, me):
        roles.setdefault(row["name"], []).append(row["role"])
    found = picture(unit, whose(unit, me))
    return Kept(
        context.actor.name,
        tuple(OneAccount(a["platform"], a["name"], a["username"]) for a in accounts_of(unit, me)),
        tuple(Belonging(name, ", ".join(held)) for name, held in roles.items()),
        found.things,
        found.history,
        found.more,
        tuple(found.copies),
    )


@operation(
    "my.export",
    private=True,
    says=says.EXPORT,
)
def my_export(context: Context) -> Exported:
    """Everything I keep about you, as one file.

    It is a JSON file: programs can read it, and so can you. It comes in our direct chat.
    """
    made = export.document(context.unit, whose(context.unit, context.actor.person_id))
    json.dumps(made)  # what cannot be written is a fault of ours, and is found here
    return Exported(f"my-data-{as_datetime(context.now):%Y-%m-%d}.json", made)


def _asked(context: Context, what: str = EVERYTHING) -> Mapping[str, str]:
    unit, me = context.unit, context.actor.person_id
    who = whose(unit, me)
    if what == EVERYTHING:
        forget.check_owned(unit, me)
        lines = _everything(context, who)
    elif what == TALK:
        lines = [
            N_("Forget our talk? What I keep of it, so that I know what we spoke of, goes; so does an open question."),
            N_("What you asked me to keep (thoughts, needs, offers, facts) stays."),
        ]
    elif what in RECORDS:
        kind, count = KINDS[what], len(forget.entries_of(unit, who, what))
        if not count:
            raise NotFound(N_("I keep no {kind} of yours."), kind=kind.many)
        named = N_("your only {kind}") if count == 1 else N_("all {count} {kind} of yours")
        named = named.format(count=count, kind=kind.one if count == 1 else kind.many)
        lines = [N_("Forget {named}, closed ones too?").format(named=named), GONE]
    else:
        _, _, words = forget.entry_by_handle(unit, who, what.removeprefix("#"))
        short = words if len(words) <= SHORTENED else words[: SHORTENED - 1].rstrip() + "…"
        asked = N_("Forget “{words}” ({what})?") if words else N_("Forget what is left of {what}?")
        lines = [asked.format(words=short, what=what), GONE]
    return {"question": "\n".join([*lines, *_elsewhere(context, who)])}


def _everything(context: Context, who: Whose) -> list[str]:
    unit = context.unit
    counts = [(KINDS[name], len(forget.entries_of(unit, who, name))) for name in RECORDS]
    things = ", ".join(f"{count} {kind.one if count == 1 else kind.many}" for kind, count in counts if count)
    lines = [
        N_("Forget everything about you?"),
        N_("For good go:"),
        N_("- your name and your accounts here ({accounts})").format(
            accounts=", ".join(f"{a['name'] or a['username']} on {a['platform'].capitalize()}" for a in who.accounts)
        ),
    ]
    if things:
        lines.append(N_("- {things}, and everything that repeats them").format(things=things))
    lines += [
        N_("- your roles and memberships, our talk and what I summed up of it, messages, questions and buttons"),
        N_("What stays:"),
        N_("- that something was done, without your name: it concerns others too"),
        N_("- what others recorded about giving or receiving, such as money, under a number without a name"),
    ]
    suspended = forget.suspended_in(unit, who)
    if suspended:
        stays = N_(
            "- that you are suspended in {nexuses}: a mark that only your accounts fit, so that this ends no ban"
        )
        lines.append(stays.format(nexuses=", ".join(suspended)))
    return lines


def _elsewhere(context: Context, who: Whose) -> list[str]:
    platforms = sorted({a["platform"].capitalize() for a in who.accounts if a["platform"] != "terminal"})
    lines = []
    if platforms:
        lines.append(
            N_("The messages themselves lie with {platforms}; delete them there.").format(
                platforms=" and ".join(platforms)
            )
        )
    copies = named_copies(copies_left(context.unit))
    if copies:
        lines.append(_STORED.format(copies=copies))
    return lines


def named_copies(copies: Any) -> str:
    """Copies of the store with the day on which each goes: "nexus.db.before-… (25 Dec 2026)"."""
    return ", ".join(f"{c.name} ({show_day(c.expires_at - 1)})" for c in copies)


def _choices(context: Context, what: str = EVERYTHING) -> Sequence[Choice]:
    yes = N_("Forget all of it") if what == EVERYTHING else N_("Forget it")
    return (Choice(yes, "my.forget", {"what": what}, "danger"), Choice(N_("No, keep it")))


@operation(
    "my.forget",
    writes=True,
    private=True,
    confirm=Confirm.ALWAYS,
    says=says.FORGET,
    preview=_asked,
    choices=_choices,
    asks="{question}",
)
def my_forget(context: Context, what: Annotated[str, WHAT] = EVERYTHING) -> Forgotten:
    """Forget everything about you, or a part of it: our talk, your thoughts, one thing.

    You see first what goes, what stays and why. It cannot be undone.
    """
    unit, me = context.unit, context.actor.person_id
    who = whose(unit, me)
    suspended: list[str] = []
    count = 0
    if what == EVERYTHING:
        suspended, count = forget.suspended_in(unit, who), len(who.records)
        forget.forget_everything(unit, me)
    elif what == TALK:
        forget.forget_talk(unit, me)
    elif what in RECORDS:
        count = len(forget.forget_entries(unit, who, forget.entries_of(unit, who, what)))
    else:
        record_id, _, words = forget.entry_by_handle(unit, who, what.removeprefix("#"))
        count = len(forget.forget_entries(unit, who, {record_id: words}))
    context.note(what="one" if what.startswith("#") else what, count=count)
    return Forgotten(
        "one" if what.startswith("#") else what,
        count,
        tuple(sorted({a["platform"] for a in who.accounts})),
        tuple(suspended),
        tuple(copies_left(unit)),
    )


DECLARED = (_declared, _book_declared, _case_declared, _list_declared)  # what is shown, handed out and forgotten here
OPERATIONS = (my_data, my_export, my_forget)
