"""The books as Beancount text, which bean-check accepts.

The syntax is that of https://beancount.github.io/docs/beancount_language_syntax.html. Accounts have opaque names; whose
they are stands in their metadata. What comes from outside is income, what was given is an expense, so that the fund is
an asset. At the end each balance is asserted, so that bean-check counts after us.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from core.ledger.accounts import Account, Kind
from core.ledger.export import Entry, Sees, day_of, decimal

_ROOTS = {
    Kind.FUND.value: "Assets:Fund",
    Kind.OWN.value: "Assets:Own",
    Kind.SOURCE.value: "Income:Source",
    Kind.GIVEN.value: "Expenses:Given",
    Kind.FEE.value: "Expenses:Fee",
    Kind.WORKED.value: "Income:Worked",
    Kind.TIME.value: "Equity:Promised",
}
_OPENING = "Equity:Opening-Balances"


def text(
    name: str, own: Sequence[Account], entries: Iterable[Entry], opening: Mapping[int, int], start: date, sees: Sees
) -> str:
    """A whole file. `own` are the accounts of the Nexus, `opening` what was in them before `start`."""
    body: list[str] = []
    used: dict[int, Account] = {account.id: account for account in own}
    sums: dict[int, int] = dict(opening)
    last = start
    for entry in entries:
        body += _transaction(entry, sees)
        last = max(last, day_of(entry.day))
        start = min(start, day_of(entry.day))
        for line in entry.lines:
            used.setdefault(line.account.id, line.account)
            sums[line.account.id] = sums.get(line.account.id, 0) + line.amount
    head = [f'option "title" {_quoted(name)}', ""]
    for account in used.values():
        head += _open(account, start, sees)
    if opening:
        head += [f"{start} open {_OPENING}", *_opening(used, opening, start)]
    ours = {account.id for account in own}
    tail = [
        f"{last + timedelta(days=1)} balance {_name(account)}  {decimal(sums[number], account.unit)} {account.unit}"
        for number, account in used.items()
        if number in ours and number in sums
    ]
    return "\n".join([*head, "", *body, *tail, ""])


def _name(account: Account) -> str:
    whose = f":P{account.person_id}" if account.person_id else ""
    return f"{_ROOTS[account.kind]}:N{account.nexus_id}{whose}:{account.unit}"


def _open(account: Account, start: date, sees: Sees) -> Iterator[str]:
    yield f"{start} open {_name(account)} {account.unit}"
    owner = sees.owner(account)
    if owner:
        yield f"  name: {_quoted(owner)}"


def _opening(used: Mapping[int, Account], opening: Mapping[int, int], start: date) -> Iterator[str]:
    for number, amount in opening.items():
        account = used[number]
        yield f'{start} * "opening"'
        yield f"  {_name(account)}  {decimal(amount, account.unit)} {account.unit}"
        yield f"  {_OPENING}"


def _transaction(entry: Entry, sees: Sees) -> Iterator[str]:
    memo = entry.words.memo if sees.words(entry.kind) else ""
    # A link ties a correction to what it takes back.
    yield f"{day_of(entry.day)} * {_quoted(entry.kind)} {_quoted(memo)} ^e{entry.reverses or entry.id}"
    yield f'  entry: "{entry.id}"'
    yield f"  cause: {_quoted(f'{entry.cause} {entry.cause_id}' if entry.cause_id else entry.cause)}"
    if entry.actor_id:
        yield f'  by: "P{entry.actor_id}"'
    if sees.words(entry.kind):
        for key, value in (("method", entry.words.method), ("reference", entry.words.reference)):
            if value:
                yield f"  {key}: {_quoted(value)}"
    for line in entry.lines:
        yield f"  {_name(line.account)}  {decimal(line.amount, line.account.unit)} {line.account.unit}"
    yield ""


def _quoted(words: str) -> str:
    """One line within quotes, whatever people wrote."""
    plain = "".join(c if c.isprintable() else " " for c in words)
    plain = " ".join(plain.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'
