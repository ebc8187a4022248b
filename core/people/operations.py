"""People: find who can help, show, rename; link and separate accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from core.access.fields import PersonField
from core.access.nexuses import may_know_nexus
from core.access.records import open_records_by, search_records
from core.buttons.buttons import Choice
from core.errors import N_, Ambiguous, BadInput, Conflict
from core.nexuses.members import memberships_of, standing_in
from core.nexuses.roles import STANDING
from core.operations.context import Context
from core.operations.declare import Confirm, Shortcut, Who, operation
from core.operations.fields import Code, Text
from core.operations.fields.base import frozen_id
from core.people import linking, says
from core.people.people import Person, accounts_of
from core.people.people import rename as rename_person
from core.quotas.quota import CODE_GUESSES
from core.records.operations import Entry, entry


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody who may help, the words that say why, and where those stand: in an "offer" or a "fact" of a Nexus."""

    LINE: ClassVar[str] = "{name}: {reason} ({nexus}, #{handle})"
    person_id: int
    name: str
    reason: str
    handle: str
    kind: str
    nexus: str


@dataclass(frozen=True, slots=True)
class Helpers:
    """People who may help, best first; `seekers` look for the same."""

    query: str
    items: tuple[Helper, ...]
    seekers: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Role:
    """The highest role of a person in a Nexus."""

    nexus: str
    role: str


@dataclass(frozen=True, slots=True)
class Profile:
    """A person as the audience may see them."""

    person_id: int
    name: str
    roles: tuple[Role, ...]
    needs: tuple[Entry, ...]
    offers: tuple[Entry, ...]
    facts: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Renamed:
    """The name a person has now."""

    name: str


@dataclass(frozen=True, slots=True)
class LinkStep:
    """Where a link stands: `code` to be typed on the other account, or the account that was asked."""

    code: str
    other: str


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account of a person."""

    LINE: ClassVar[str] = "{platform}: {name}"
    platform: str
    name: str
    username: str


@dataclass(frozen=True, slots=True)
class Accounts:
    """All accounts of a person."""

    items: tuple[AccountLine, ...]


def _post_instead(context: Context, result: Helpers) -> Sequence[Choice]:
    if result.items or standing_in(context.unit, context.actor.person_id, context.nexus_id)[0] < Who.MEMBER:
        return ()
    return (Choice(N_("Post it as a need"), "need.post", {"text": result.query}, "primary"), Choice(N_("No, thanks")))


@operation(
    "people.find",
    common=True,
    says=says.FIND,
    tells=N_("These could help with {query}:"),
    follows=_post_instead,
)
def find_people(
    context: Context, query: Annotated[str, Text(N_("what you need help with"), maximum=200, line=True)]
) -> Helpers:
    """Who can help with something: who offers it, then who says so about themselves."""
    helpers: dict[int, Helper] = {}
    for kind in ("offer", "fact"):
        for record in search_records(context.unit, context.audience, query, kind, most=20):
            if record.author_id != context.actor.person_id:
                helper = Helper(record.author_id, record.author, record.body, record.handle, kind, record.nexus)
                helpers.setdefault(record.author_id, helper)
    seekers = (
        ()
        if helpers
        else tuple(
            entry(r)
            for r in search_records(context.unit, context.audience, query, "need", most=3)
            if r.author_id != context.actor.person_id
        )
    )
    return Helpers(query, tuple(helpers.values())[:5], seekers)


@operation(
    "person.show",
    common=True,
    says=says.SHOW,
    shortcut=Shortcut(N_("Who is this?"), "person", "person"),
)
def show_person(context: Context, person: Annotated[Person | None, PersonField(N_("the person"))] = None) -> Profile:
    """Show a person (you, if you name nobody): roles, needs, offers, and what they say of themselves."""
    who = person or Person(context.actor.person_id, context.actor.name)
    roles: dict[int, Role] = {}
    for row in memberships_of(context.unit, who.id):
        if may_know_nexus(context.unit, context.audience, row["id"]):
            held = roles.get(row["id"])
            if held is None or STANDING[row["role"]] > STANDING[held.role]:
                roles[row["id"]] = Role(row["name"], row["role"])
    return Profile(
        who.id,
        who.name,
        tuple(roles.values()),
        tuple(entry(r) for r in open_records_by(context.unit, context.audience, "need", who.id, 5)),
        tuple(entry(r) for r in open_records_by(context.unit, context.audience, "offer", who.id, 5)),
        tuple(entry(r) for r in open_records_by(context.unit, context.audience, "fact", who.id, 10)),
    )


@operation(
    "person.rename",
    writes=True,
    says=says.RENAME,
    asks=N_("Shall I call you {name} from now on?"),
    tells=N_("I'll call you {name}."),
)
def rename(
    context: Context, name: Annotated[str, Text(N_("what I should call you"), maximum=80, line=True)]
) -> Renamed:
    """Say what you want to be called."""
    rename_person(context.unit, context.actor.person_id, name)
    return Renamed(name)


def _whose(context: Context, code: str | None = None) -> Mapping[str, str]:
    if code is None:
        return {"question": N_("Get a code to link another account of yours?")}
    other = linking.asked_by(context.unit, code, context.actor.account_id)
    return {
        "question": N_("That code was made by {who}. Is that you too, so that both should be one person?").format(
            who=linking.describe(other)
        )
    }


@operation(
    "account.link",
    writes=True,
    private=True,
    quota=CODE_GUESSES,
    preview=_whose,
    confirm=Confirm.ALWAYS,
    common=True,
    says=says.LINK,
    asks="{question}",
)
def link_account(context: Context, code: Annotated[str | None, Code(N_("the link code"))] = None) -> LinkStep:
    """Link another account of yours: ask here for a code, then type it there.

    Both sides see who the other is and confirm before anything is joined.
    """
    if code is None:
        return LinkStep(linking.start(context.unit, context.actor.account_id), "")
    other = linking.ask(context.unit, code, context.actor.account_id)
    return LinkStep("", linking.describe(other))


@operation(
    "account.confirm", writes=True, private=True, internal=True, tells=N_("Done. {other} and this account are you now.")
)
def confirm_link(context: Context, link: Annotated[str, Text(N_("the link"))]) -> LinkStep:
    """Confirm from the first account that the second is yours too."""
    other = linking.complete(context.unit, frozen_id(link) or 0, context.actor.account_id)
    context.note(account_id=int(other["id"]))
    return LinkStep("", linking.describe(other))


@operation(
    "account.refuse", writes=True, private=True, internal=True, tells=N_("Good that you checked. Nothing was linked.")
)
def refuse_link(context: Context, link: Annotated[str, Text(N_("the link"))]) -> LinkStep:
    """Say that the second account is not yours."""
    linking.refuse(context.unit, frozen_id(link) or 0, context.actor.account_id)
    return LinkStep("", "")


def _separable(context: Context, account: str) -> Mapping[str, str]:
    _chosen(context, account)
    return {}


@operation(
    "account.unlink",
    writes=True,
    private=True,
    confirm=Confirm.ALWAYS,
    says=says.UNLINK,
    preview=_separable,
    asks=N_("Separate your {account} account? It starts again as a guest; everything stays with you here."),
    tells=N_("Your {platform} account {name} is on its own again."),
)
def unlink_account(
    context: Context, account: Annotated[str, Text(N_("which account, such as telegram"), maximum=80, line=True)]
) -> AccountLine:
    """Separate one of your accounts again."""
    chosen = _chosen(context, account)
    linking.separate(context.unit, chosen)
    context.note(account_id=chosen["id"])
    return AccountLine(chosen["platform"], chosen["name"], chosen["username"])


def _chosen(context: Context, account: str) -> dict[str, Any]:
    mine = accounts_of(context.unit, context.actor.person_id)
    wanted = account.casefold().removesuffix(" account")
    fits = [a for a in mine if wanted in (a["platform"], a["name"].casefold(), a["username"].casefold())]
    if not fits:
        known = ", ".join(sorted({a["platform"] for a in mine}))
        raise BadInput(N_("You have no account called {account}. Yours are: {known}."), account=account, known=known)
    if len(mine) == 1:
        raise Conflict(N_("This is your only account, so there is nothing to separate it from."))
    others = [a for a in fits if a["id"] != context.actor.account_id]  # rather another one than this
    if len(others) > 1:
        raise Ambiguous(
            N_("You have several: {choices}. Which one do you mean?"),
            choices=", ".join(linking.describe(a) for a in others),
        )
    return (others or fits)[0]


@operation(
    "account.list",
    private=True,
    says=says.ACCOUNTS,
    tells=N_("Your accounts:"),
)
def list_accounts(context: Context) -> Accounts:
    """Your linked accounts."""
    mine = accounts_of(context.unit, context.actor.person_id)
    return Accounts(tuple(AccountLine(a["platform"], a["name"], a["username"]) for a in mine))


OPERATIONS = (
    find_people,
    show_person,
    rename,
    link_account,
    confirm_link,
    refuse_link,
    unlink_account,
    list_accounts,
)
