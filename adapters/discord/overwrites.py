"""What a lock changes in the permissions of a channel, and the way back. Pure.

Nobody is to write there but those of the moderators who could before, and the bot. To deny it to @everyone is not
enough: what a role or a person is allowed in the channel wins over that, and so does its absence for the moderators.
Only the bits of writing are touched; what else changes meanwhile stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from adapters.discord.permissions import bit
from adapters.discord.readers import Access

WRITING = bit("send_messages") | bit("send_messages_in_threads") | bit("add_reactions")
_EACH = (bit("send_messages"), bit("send_messages_in_threads"), bit("add_reactions"))
_MODERATES = bit("manage_messages") | bit("moderate_members")
_ADMINISTRATOR = bit("administrator")
ROLE, PERSON = 0, 1  # kinds of targets
_NOBODY = "0"  # somebody of whom no more is known than a role


@dataclass(frozen=True, slots=True)
class Overwrite:
    """What a role or a person is allowed and denied in a channel: permission bits. `there`: Discord has it at all."""

    kind: int
    allow: int = 0
    deny: int = 0
    there: bool = True

    def dump(self) -> str:
        """As text, for `Powers.before`."""
        return f"{self.kind} {self.allow} {self.deny}" if self.there else f"{self.kind}"

    def writing_as(self, other: Overwrite) -> Overwrite:
        """This one, with what `other` says about writing."""
        return Overwrite(
            self.kind,
            self.allow & ~WRITING | other.allow & WRITING,
            self.deny & ~WRITING | other.deny & WRITING,
            self.there or other.there,
        )


Table = Mapping[str, Overwrite]


def load(before: Mapping[str, str]) -> dict[str, Overwrite]:
    """The overwrites that `Overwrite.dump` made into text, by target; what is none of them is left out."""
    found: dict[str, Overwrite] = {}
    for target, text in before.items():
        numbers = text.split()
        if target.isdigit() and all(number.isdigit() for number in numbers):
            if len(numbers) == 1:
                found[target] = Overwrite(int(numbers[0]), there=False)
            elif len(numbers) == 3:
                found[target] = Overwrite(int(numbers[0]), int(numbers[1]), int(numbers[2]))
    return found


def locked(
    table: Table, roles: Mapping[str, int], everyone: str, bot: str, bot_roles: list[str]
) -> dict[str, Overwrite]:
    """The overwrites that differ once the channel is locked, in the order in which they are to be set.

    `table` is how they are, `roles` the permission bits of each role. The moderators and the bot come first, so that
    the bot does not lock itself out half-way.
    """
    access = Access(roles, {target: (one.allow, one.deny) for target, one in table.items()}, everyone)
    wanted: dict[str, Overwrite] = {}
    for role, bits in roles.items():
        if role != everyone and bits & _MODERATES and not bits & _ADMINISTRATOR:
            _keep(wanted, table, role, ROLE, _could(access, _NOBODY, [role]))
    if not any(roles.get(role, 0) & _ADMINISTRATOR for role in bot_roles):
        own = _could(access, bot, bot_roles)
        for role in bot_roles:
            own &= ~wanted[role].allow if role in wanted else ~0
        _keep(wanted, table, bot, PERSON, own)
    closed = table.get(everyone) or Overwrite(ROLE, there=False)
    wanted[everyone] = Overwrite(ROLE, closed.allow & ~WRITING, closed.deny | WRITING)
    for target, one in table.items():
        if target not in wanted and one.allow & WRITING:
            wanted[target] = Overwrite(one.kind, one.allow & ~WRITING, one.deny)
    return {target: one for target, one in wanted.items() if one != table.get(target)}


def _could(access: Access, user: str, roles: list[str]) -> int:
    """The bits of writing that somebody has there."""
    return sum(one for one in _EACH if access.may(user, roles, one))


def _keep(wanted: dict[str, Overwrite], table: Table, target: str, kind: int, could: int) -> None:
    """Have the target's own overwrite allow what they could do there before."""
    if could:
        old = table.get(target) or Overwrite(kind, there=False)
        wanted[target] = Overwrite(kind, old.allow | could, old.deny & ~could)
