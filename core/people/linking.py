"""Linking two accounts to one person, and separating them again.

Three steps, so that nobody is talked into linking a stranger: the first account makes a one-time code; the second
types it and sees whose it is; the first sees who typed it and confirms. Only then the two people become one:
memberships unite, a suspension on either side follows, records and open buttons go along, nothing is lost. Which
account was whose before stays on record.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, bindparam, exists, insert, select, text, update

from core.buttons.buttons import Choice, offer
from core.buttons.tables import button
from core.clock import MINUTE
from core.counts.counts import replace_person
from core.errors import N_, Conflict, NotFound
from core.ids import digest, new_code, read_code
from core.invites.tables import invite, invite_request
from core.moderation.lists import follows as ban_lists
from core.nexuses.members import divide, hold, unite
from core.notices.notices import notify
from core.notices.tables import notice
from core.people.people import account_of, new_person
from core.people.tables import account, account_history, link, person
from core.providers import consents as providers
from core.records.index import index_of
from core.records.tables import record
from core.rules.consents import unite_consents
from core.store import Unit

LIFETIME = 15 * MINUTE
REFUSAL = N_("That link code doesn't work (any more). Ask for a fresh one on your other account.")

_ADD = insert(link)
_BY_CODE = (
    select(link).where(link.c.digest == bindparam("d"), link.c.state == "open", link.c.expires_at > bindparam("at"))
).with_for_update()
_BY_ID = select(link).where(link.c.id == bindparam("link_id")).with_for_update()
_SET = (
    update(link)
    .where(link.c.id == bindparam("link_id"), link.c.state == bindparam("seen"))
    .values(state=bindparam("new_state"), other_id=bindparam("other"))
)
_REMEMBER = insert(account_history)
_OWN = update(account).where(account.c.id == bindparam("account_id_")).values(person_id=bindparam("owner"))
_OWN_ALL = update(account).where(account.c.person_id == bindparam("old")).values(person_id=bindparam("new"))
_OF = select(account.c.id).where(account.c.person_id == bindparam("old"))
_AUTHOR = update(record).where(record.c.author_id == bindparam("old")).values(author_id=bindparam("new"))
_INVITES = update(invite).where(invite.c.made_by == bindparam("old")).values(made_by=bindparam("new"))
_NOTICES = update(notice).where(notice.c.person_id == bindparam("old")).values(person_id=bindparam("new"))
_BUTTONS = update(button).where(button.c.person_id == bindparam("old")).values(person_id=bindparam("new"))
_kept = invite_request.alias("kept")
_REQUESTS = (
    update(invite_request)
    .where(
        invite_request.c.person_id == bindparam("old"),
        ~exists().where(and_(_kept.c.person_id == bindparam("new"), _kept.c.invite_id == invite_request.c.invite_id)),
    )
    .values(person_id=bindparam("new"))
)
_BOTH = select(person.c.id).where(person.c.id.in_([bindparam("old"), bindparam("new")])).with_for_update()
_MERGED = update(person).where(person.c.id == bindparam("old")).values(merged_into=bindparam("new"))
_HERE_OF = select(person.c.here_id).where(person.c.id == bindparam("old"))
_TAKE_HERE = (
    update(person).where(person.c.id == bindparam("new"), person.c.here_id == 0).values(here_id=bindparam("here"))
)
# Two merges at once could merge A into B and B into A.
_ONE_MERGE = text("SELECT pg_advisory_xact_lock(7310224)")


def describe(row: dict[str, Any]) -> str:
    """An account as its owner would recognise it: "Ana (@ana) on Telegram"."""
    user = f" (@{row['username']})" if row["username"] else ""
    return f"{row['name']}{user} on {row['platform'].capitalize()}"


def start(unit: Unit, account_id: int) -> str:
    """Make a one-time code for this account."""
    code = new_code()
    unit.execute(
        _ADD,
        {
            "id": unit.new_id(),
            "digest": digest(read_code(code)),
            "account_id": account_id,
            "other_id": None,
            "state": "open",
            "expires_at": unit.now + LIFETIME,
        },
    )
    return code


def asked_by(unit: Unit, code: str, account_id: int) -> dict[str, Any]:
    """The account that made a code which `account_id` typed. Raises `NotFound`, `Conflict`."""
    row = unit.row(_BY_CODE, d=digest(read_code(code)), at=unit.now)
    if row is None:
        raise NotFound(REFUSAL, code="no_such_link")
    first, second = account_of(unit, row["account_id"]), account_of(unit, account_id)
    if first["person_id"] == second["person_id"]:
        raise Conflict(N_("These two accounts are one person already. Type the code on the other account."))
    return first


def ask(unit: Unit, code: str, account_id: int) -> dict[str, Any]:
    """The second account confirmed; now ask the first. Returns the first account."""
    first = asked_by(unit, code, account_id)
    row = unit.row(_BY_CODE, d=digest(read_code(code)), at=unit.now)
    if row is None or unit.changed(_SET, link_id=row["id"], seen="open", new_state="asked", other=account_id) != 1:
        raise NotFound(REFUSAL, code="no_such_link")
    second = account_of(unit, account_id)
    buttons = offer(
        unit,
        (
            Choice(N_("Yes, that is me"), "account.confirm", {"link": f"={row['id']}"}, "primary"),
            Choice(N_("No"), "account.refuse", {"link": f"={row['id']}"}, "danger"),
        ),
        person_id=first["person_id"],
        nexus_id=1,
        lifetime=LIFETIME,
    )
    notify(
        unit,
        first["person_id"],
        N_("{who} typed your link code and says they are you. Is that right?"),
        {"who": describe(second)},
        buttons=buttons,
        account_id=first["id"],
    )
    return first


def complete(unit: Unit, link_id: int, account_id: int) -> dict[str, Any]:
    """The first account confirmed: make both one person. Returns the second account."""
    _in_turn(unit)
    row = _waiting(unit, link_id, account_id)
    if unit.changed(_SET, link_id=link_id, seen="asked", new_state="done", other=row["other_id"]) != 1:
        raise Conflict(N_("That was already decided."))
    first, second = account_of(unit, row["account_id"]), account_of(unit, row["other_id"])
    merge(unit, old=second["person_id"], new=first["person_id"])
    return second


def refuse(unit: Unit, link_id: int, account_id: int) -> None:
    """The first account does not know the second."""
    row = _waiting(unit, link_id, account_id)
    unit.changed(_SET, link_id=link_id, seen="asked", new_state="refused", other=row["other_id"])


def _waiting(unit: Unit, link_id: int, account_id: int) -> dict[str, Any]:
    row = unit.row(_BY_ID, link_id=link_id)
    if row is None or row["state"] != "asked" or row["expires_at"] <= unit.now:
        raise Conflict(N_("That was already decided, or it took too long. Just start again."))
    first, actor = account_of(unit, row["account_id"]), account_of(unit, account_id)
    if first["person_id"] != actor["person_id"]:
        raise NotFound(REFUSAL)
    return dict(row)


def merge(unit: Unit, *, old: int, new: int) -> None:
    """Make the person `old` part of the person `new`. Everything that names `old` for the future names `new`."""
    _in_turn(unit)
    if old == new:
        return
    unit.rows(_BOTH, old=old, new=new)  # what is being written for either of them is seen below
    for row in unit.rows(_OF, old=old):
        _remember(unit, row["id"], old, "merged")
    unit.changed(_OWN_ALL, old=old, new=new)
    unite(unit, old=old, new=new)
    providers.follow(unit, old=old, new=new)
    for statement in (_AUTHOR, _INVITES, _NOTICES, _REQUESTS, _BUTTONS):
        unit.changed(statement, old=old, new=new)
    unite_consents(unit, old=old, new=new)
    replace_person(unit, old=old, new=new)
    ban_lists.go_along(unit, old=old, new=new)
    index_of(unit, new)
    here = unit.value(_HERE_OF, old=old)
    if here:
        unit.changed(_TAKE_HERE, new=new, here=here)
    unit.changed(_MERGED, old=old, new=new)


def separate(unit: Unit, row: dict[str, Any]) -> int:
    """Give one account a new guest person of its own. Returns the new person's id.

    Everything else stays; only what the account has from its platform, and what is suspended, goes along.
    """
    _in_turn(unit)
    owner = new_person(unit, row["name"] or row["username"] or "Someone")
    _remember(unit, row["id"], row["person_id"], "unlinked")
    unit.changed(_OWN, account_id_=row["id"], owner=owner)
    hold(unit, row["person_id"])
    divide(unit, row["person_id"], row["id"], owner)
    return owner


def _in_turn(unit: Unit) -> None:
    """Before anything is read that a merge decides by: who is whose changes only one at a time."""
    if unit.postgres:
        unit.execute(_ONE_MERGE)


def _remember(unit: Unit, account_id: int, person_id: int, why: str) -> None:
    unit.execute(
        _REMEMBER,
        {"id": unit.new_id(), "account_id": account_id, "person_id": person_id, "why": why, "at": unit.now},
    )
