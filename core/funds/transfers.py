"""Money that comes into a fund, moves up or down the tree, or is taken back: what is posted for it.

Decision rules: what somebody puts in to give away themselves goes to an account of their own and is in no fund. Between
funds money moves only along the tree, by whoever decides where it leaves. Something is taken back at most once, by
whoever decides wherever a fund loses by it, and by nobody who gained from it: who was paid or proposed that, or whose
deposit goes back to them; the accounts of one human count as one. What a provider has really sent is not taken back.
"""

from __future__ import annotations

from sqlalchemy import bindparam, func, select, update

from core.access.books import decides_about_money
from core.errors import N_, BadInput, Conflict, NotAllowed
from core.funds import pledges
from core.funds.entries import Entry
from core.funds.rights import check_decides, helpers
from core.funds.tables import statement_line
from core.grants import conflicts
from core.grants.grants import Grant, grant_of
from core.grants.paying import undo_payment
from core.grants.tables import tranche
from core.ledger.accounts import Kind, account
from core.ledger.journals import Cause, Leg, Words, post, reverse
from core.ledger.tables import journal, journal_words
from core.ledger.units import Money
from core.nexuses.tree import Nexus, is_within, nexus_of
from core.operations.context import Context
from core.payouts.tables import payout
from core.people.people import numbers_of
from core.store import Unit

_undone = journal.alias("undone")
_SAME_REFERENCE = (
    select(journal.c.id)
    .join(journal_words, journal_words.c.journal_id == journal.c.id)
    .outerjoin(_undone, _undone.c.reverses == journal.c.id)
    .where(
        journal.c.nexus_id == bindparam("nexus_id"),
        journal.c.kind == "deposit",
        func.lower(journal_words.c.reference) == bindparam("reference"),
        _undone.c.id.is_(None),
    )
    .order_by(journal.c.id.desc())
    .limit(1)
)
_GRANT_OF = select(tranche.c.grant_id).where(tranche.c.id == bindparam("tranche_id"))
_SENT = select(payout.c.id).where(
    payout.c.tranche_id == bindparam("tranche_id"), payout.c.state.in_(["waiting", "sent", "paid"])
)
_REOPEN = (
    update(statement_line)
    .where(statement_line.c.journal_id == bindparam("entry_id"))
    .values(state="open", journal_id=None)
)


def key_of(context: Context, what: str) -> str:
    """A key for the books: a call that is repeated has the key that it had before."""
    return f"{what}:{context.key or context.unit.new_id()}"


def deposit(
    context: Context,
    where: Nexus,
    amount: Money,
    *,
    backer_id: int = 0,
    own: bool = False,
    words: Words,
    day: int | None = None,
    pledge_id: int = 0,
) -> int:
    """Post what came in from outside; returns the id. `backer_id` 0: from nobody who is named."""
    unit = context.unit
    came = account(unit, Kind.SOURCE, where.id, amount.unit, backer_id)
    kind, holder = (Kind.OWN, backer_id) if own else (Kind.FUND, 0)
    into = account(unit, kind, where.id, amount.unit, holder)
    cause = Cause(where.id, context.actor.person_id, "deposit", pledge_id)
    legs = [Leg(came, -amount.minor), Leg(into, amount.minor)]
    number = post(unit, key_of(context, "deposit"), "deposit", cause, legs, day=day, words=words)
    if pledge_id:
        pledges.count_again(unit, pledge_id)
    return number


def same_reference(unit: Unit, nexus_id: int, reference: str) -> int | None:
    """The newest deposit into a fund with this reference that still stands, whatever its case."""
    found: int | None = unit.value(_SAME_REFERENCE, nexus_id=nexus_id, reference=reference.lower())
    return found


def check_along_tree(unit: Unit, giving: Nexus, to: Nexus) -> None:
    """Raises `BadInput` unless one of the two is inside the other."""
    if giving.id == to.id:
        raise BadInput(N_("That is one and the same fund. Where should the money go?"))
    if not (is_within(unit, giving.id, to.id) or is_within(unit, to.id, giving.id)):
        raise BadInput(
            N_("Money moves only up or down: {nexus} and {to} are not inside one another."),
            nexus=giving.name,
            to=to.name,
        )
    if to.state != "active":
        raise Conflict(N_("{name} is closed."), name=to.name)


def transfer(context: Context, giving: Nexus, to: Nexus, amount: Money, words: Words) -> int:
    """Move money from one fund to another, in one entry; returns its id. Raises `NotEnough`."""
    unit = context.unit
    source = account(unit, Kind.FUND, giving.id, amount.unit)
    target = account(unit, Kind.FUND, to.id, amount.unit)
    cause = Cause(giving.id, context.actor.person_id, "transfer", 0)
    legs = [Leg(source, -amount.minor), Leg(target, amount.minor)]
    return post(unit, key_of(context, "transfer"), "transfer", cause, legs, words=words)


def grant_paid_by(unit: Unit, entry: Entry) -> Grant | None:
    """The grant that a payment was for."""
    if entry.cause != "tranche":
        return None
    grant_id = unit.value(_GRANT_OF, tranche_id=entry.cause_id)
    return grant_of(unit, grant_id) if grant_id is not None else None


def check_may_take_back(context: Context, entry: Entry) -> None:
    """Raises `NotAllowed` or `Conflict` where the actor may not take this back."""
    unit, me = context.unit, context.actor.person_id
    losing = nexus_of(unit, entry.to_nexus or entry.nexus_id)
    grant = grant_paid_by(unit, entry)
    if entry.own:
        giver = grant.giver_id if grant is not None else entry.person_id
        if giver not in numbers_of(unit, me) and not decides_about_money(unit, me, losing.id):
            check_decides(context, losing)
    else:
        check_decides(context, losing)
    if entry.taken_back:
        raise Conflict(N_("That was taken back already."), code="reversed")
    gained = _gained(unit, entry, grant)
    if me in gained:
        who = helpers(context, losing.id, but=gained)
        if who:
            raise NotAllowed(
                N_("You gained by that yourself, so somebody else has to take it back. {helpers} could."), helpers=who
            )
        raise NotAllowed(N_("You gained by that yourself, so somebody else who decides there has to take it back."))
    if entry.kind == "payment" and unit.value(_SENT, tranche_id=entry.cause_id) is not None:
        raise Conflict(
            N_(
                "That money really went out through a provider, so the books can't undo it. "
                "If it comes back, enter it as a deposit."
            ),
            code="really_sent",
        )


def _gained(unit: Unit, entry: Entry, grant: Grant | None) -> frozenset[int]:
    if entry.kind == "deposit":  # taking it back gives the money back to whoever it came from
        return conflicts.relatives(unit, [entry.person_id]) if entry.person_id and not entry.own else frozenset()
    if grant is None:
        return conflicts.relatives(unit, [entry.person_id]) if entry.person_id else frozenset()
    return conflicts.relatives(unit, [grant.recipient_id]) if entry.own else conflicts.interested(unit, grant)


def take_back(context: Context, entry: Entry, why: str) -> int:
    """Post the opposite of an entry, once, and what follows from it; returns the id. Raises `NotEnough`, `Conflict`."""
    unit = context.unit
    paid = grant_paid_by(unit, entry)
    grant = grant_of(unit, paid.id, locked=True) if paid is not None else None
    check_may_take_back(context, entry)
    if grant is not None:  # its part is due again, and everybody concerned is told
        number = undo_payment(unit, entry.id, context.actor.person_id, why)
    else:
        number = reverse(unit, entry.id, Cause(entry.nexus_id, context.actor.person_id, "correction", entry.id), why)
    unit.changed(_REOPEN, entry_id=entry.id)
    if entry.kind == "deposit" and entry.cause_id:
        pledges.count_again(unit, entry.cause_id)
    return number
