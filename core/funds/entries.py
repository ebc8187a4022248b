"""What is in the books of a Nexus, as people speak of it: deposits, payments and transfers, one by one.

An entry is called by a short name made of its id, by the number of its receipt, by what finds it outside (its
reference), by its amount, or as "the last deposit".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import BigInteger, Select, bindparam, literal, select
from sqlalchemy.engine import RowMapping

from core.access.books import called, decides_about_money
from core.access.names import several, unknown
from core.clock import show_day
from core.errors import N_, NexusError
from core.grants.tables import receipt
from core.ids import ALPHABET
from core.ledger.accounts import Kind
from core.ledger.tables import journal, journal_words, ledger_account, posting
from core.ledger.units import Money
from core.operations.context import Context
from core.operations.fields import Amount, Reference
from core.operations.fields.amount import DOLLARS, Dollars
from core.operations.fields.base import frozen_id
from core.people.people import numbers_of
from core.store import Unit

SHORT = 5  # letters of a short name: five bits each
KINDS = ("deposit", "payment", "transfer")
LOOKED_AT = 300  # newest entries that one can name by amount or reference
EVER = 2**62


@dataclass(frozen=True, slots=True)
class Entry:
    """A deposit, payment or transfer. `amount` is what came, was given or moved, `fee` what it cost on top.

    `person_id` is the backer or the recipient (0: nobody is named), `to_nexus` where a transfer went. `own`: it went
    to, or came from, what somebody gives away themselves.
    """

    id: int
    kind: str
    nexus_id: int
    day: int
    amount: Money
    fee: Money
    person_id: int
    to_nexus: int
    own: bool
    reference: str
    cause: str
    cause_id: int
    taken_back: bool

    @property
    def handle(self) -> str:
        """Its short name."""
        return short_name(self.id)

    @property
    def name(self) -> str:
        """What it is called in a question, without anybody's name."""
        templates = {
            "deposit": N_("the deposit of {amount} on {day}"),
            "payment": N_("the payment of {amount} on {day}"),
            "transfer": N_("the transfer of {amount} on {day}"),
        }
        return templates[self.kind].format(amount=self.amount, day=show_day(self.day))


def short_name(number: int) -> str:
    """Five letters and digits by which somebody names it: the last bits of its id."""
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(5 * (SHORT - 1), -1, -5)).lower()


def _number(name: str) -> int | None:
    letters = name.strip().lstrip("#").upper()
    if len(letters) != SHORT or any(letter not in ALPHABET for letter in letters):
        return None
    number = 0
    for letter in letters:
        number = number << 5 | ALPHABET.index(letter)
    return number


_undone = journal.alias("undone")
_NEWEST = (
    select(journal.c.id)
    .where(
        journal.c.nexus_id == bindparam("nexus_id"),
        journal.c.kind.in_(KINDS),
        journal.c.day >= bindparam("since"),
        journal.c.day < bindparam("until"),
    )
    .order_by(journal.c.id.desc())
    .limit(bindparam("most"))
)
_SHORTLY = select(journal.c.id).where(
    journal.c.nexus_id == bindparam("nexus_id"),
    journal.c.kind.in_(KINDS),
    journal.c.id % literal(32**SHORT, BigInteger) == bindparam("number"),
)
_ONE = select(journal.c.id).where(journal.c.id == bindparam("entry_id"), journal.c.kind.in_(KINDS))
_BY_RECEIPT = select(receipt.c.journal_id.label("id")).where(
    receipt.c.nexus_id == bindparam("nexus_id"), receipt.c.number == bindparam("number")
)


def _whole(ids: Select[Any]) -> Select[Any]:
    chosen = ids.subquery()
    return (
        select(
            journal.c.id,
            journal.c.kind,
            journal.c.nexus_id,
            journal.c.day,
            journal.c.cause,
            journal.c.cause_id,
            journal_words.c.reference,
            _undone.c.id.label("undone"),
            posting.c.amount,
            posting.c.unit,
            ledger_account.c.kind.label("account"),
            ledger_account.c.nexus_id.label("of_nexus"),
            ledger_account.c.person_id,
        )
        .join(chosen, chosen.c.id == journal.c.id)
        .join(posting, posting.c.journal_id == journal.c.id)
        .join(ledger_account, ledger_account.c.id == posting.c.account_id)
        .outerjoin(journal_words, journal_words.c.journal_id == journal.c.id)
        .outerjoin(_undone, _undone.c.reverses == journal.c.id)
        .order_by(journal.c.id.desc(), posting.c.leg)
    )


_ENTRIES, _ENTRY, _BY_SHORT, _RECEIPT = (_whole(ids) for ids in (_NEWEST, _ONE, _SHORTLY, _BY_RECEIPT))


def entries(unit: Unit, nexus_id: int, *, since: int = 0, until: int = EVER, most: int = LOOKED_AT) -> list[Entry]:
    """Deposits, payments and transfers of a Nexus, newest first; `since` and `until` bound the day they happened."""
    return _read(unit.rows(_ENTRIES, nexus_id=nexus_id, since=since, until=until, most=most))


def entry_of(unit: Unit, entry_id: int) -> Entry | None:
    """One of them by its id."""
    return next(iter(_read(unit.rows(_ENTRY, entry_id=entry_id))), None)


def _read(rows: Iterable[RowMapping]) -> list[Entry]:
    found: dict[int, Entry] = {}
    for row in rows:
        code = row["unit"]
        one = found.get(row["id"])
        if one is None:
            one = Entry(
                id=row["id"],
                kind=row["kind"],
                nexus_id=row["nexus_id"],
                day=row["day"],
                amount=Money(0, code),
                fee=Money(0, code),
                person_id=0,
                to_nexus=0,
                own=False,
                reference=row["reference"] or "",
                cause=row["cause"],
                cause_id=row["cause_id"],
                taken_back=row["undone"] is not None,
            )
        found[one.id] = _with(one, row)
    return list(found.values())


def _with(one: Entry, row: RowMapping) -> Entry:
    """An entry with what one of its postings says."""
    kind, amount = row["account"], row["amount"]
    if kind == Kind.SOURCE:
        return replace(one, amount=Money(one.amount.minor - amount, row["unit"]), person_id=row["person_id"])
    if kind == Kind.GIVEN:
        return replace(one, amount=Money(one.amount.minor + amount, row["unit"]), person_id=row["person_id"])
    if kind == Kind.FEE:
        return replace(one, fee=Money(one.fee.minor + amount, row["unit"]))
    if kind == Kind.OWN:
        return replace(one, own=True)
    if one.kind == "transfer" and amount > 0:
        return replace(one, amount=Money(amount, row["unit"]), to_nexus=row["of_nexus"])
    return one


def access_entry(context: Context, words: str) -> Entry:
    """The entry that somebody named, among those that they may know one by one. Raises `NotFound`, `Ambiguous`."""
    unit, where = context.unit, context.nexus_id
    number = frozen_id(words)
    bare = " ".join(words.strip("\"'“” ").casefold().split()).removeprefix("the ").removeprefix("my ")
    if number is not None:
        found = [one for one in (entry_of(unit, number),) if one is not None]
    elif (short := _number(bare)) is not None and (bare.startswith("#") or any(c.isdigit() for c in bare)):
        found = _read(unit.rows(_BY_SHORT, nexus_id=where, number=short))
    elif re.fullmatch(r"#?\d{4}-\d{4,}", bare, re.ASCII):
        found = _read(unit.rows(_RECEIPT, nexus_id=where, number=bare.removeprefix("#")))
    else:
        found = _fitting(entries(unit, where), bare)
    mine = [one for one in found if _concerns(context, one)]
    standing = [one for one in mine if not one.taken_back] or mine
    if not standing:
        raise unknown(N_("I find no deposit, payment or transfer here that fits “{name}”."), words, [])
    if len(standing) > 1:
        raise several(f"#{one.handle} {one.name}" for one in standing)
    return standing[0]


def _fitting(known: Sequence[Entry], bare: str) -> list[Entry]:
    last = re.fullmatch(r"(?:very )?(?:last|latest|newest) (deposit|payment|transfer|one|entry)", bare)
    if last:
        standing = [one for one in known if not one.taken_back and last[1] in (one.kind, "one", "entry")]
        return standing[:1]
    kind = next((kind for kind in KINDS if re.search(rf"\b{kind}\b", bare)), "")
    rest = re.sub(rf"^(?:{'|'.join(KINDS)})\s*(?:of|with)?\s*(?:the reference\s*)?", "", bare).strip()
    rest = re.sub(rf"\s*(?:{'|'.join(KINDS)})$", "", rest)
    some = [one for one in known if kind in ("", one.kind)]
    if not rest:
        return some
    named = [one for one in some if one.reference and one.reference.casefold() == rest]
    if named:
        return named
    try:
        amount = Amount("").read(rest)
    except NexusError:
        return [one for one in some if len(rest) >= 3 and rest in one.reference.casefold()]
    if isinstance(amount, Dollars):  # whichever dollar it is
        return [one for one in some if one.amount.minor == amount.minor and one.amount.unit in DOLLARS]
    return [one for one in some if one.amount == amount]


def _concerns(context: Context, one: Entry) -> bool:
    """Whether the caller may know it: they decide about the money there, or it is what they put in or received."""
    unit, me = context.unit, context.actor.person_id
    if any(decides_about_money(unit, me, where) for where in {one.nexus_id, one.to_nexus} - {0}):
        return True
    return bool(one.person_id) and one.person_id in numbers_of(unit, me)


def told(context: Context, one: Entry) -> str:
    """An entry in a line, with whom it is from or for as far as the audience may know them."""
    who = called(context.unit, context.audience, one.person_id) if one.person_id else ""
    templates = {
        "deposit": N_("{amount} from {who} on {day}") if who else N_("{amount} came in on {day}"),
        "payment": N_("{amount} paid to {who} on {day}"),
        "transfer": N_("{amount} moved on {day}"),
    }
    return templates[one.kind].format(amount=one.amount, who=who, day=show_day(one.day))


class EntryField(Reference):
    """A deposit, payment or transfer: by its short name, receipt number, reference or amount, or "the last deposit"."""

    kind = "entry"

    def resolve(self, value: Any, context: Context) -> Entry:
        """See `Field.resolve`."""
        return access_entry(context, value)

    def suggest(self, typed: str, context: Context) -> list[tuple[str, str]]:
        """See `Field.suggest`."""
        part = typed.strip().casefold().removeprefix("#")
        known = [one for one in entries(context.unit, context.nexus_id, most=100) if _concerns(context, one)]
        labels = [(f"{told(context.private(), one)} (#{one.handle})", one) for one in known if not one.taken_back]
        return [(label, f"={one.id}") for label, one in labels if part in label.casefold()][:25]
