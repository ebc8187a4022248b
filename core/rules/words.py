"""The closed vocabulary of rules, and how it is packed: one number of 60 bits says what whom is allowed. Pure.

A *word* has one bit for each (action, audience): bit `WIDTH * action + audience`. What a Nexus allows for a kind, what
an author consents to, and what somebody is relative to a Nexus are all words, so that a decision is one `&`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import IntEnum, StrEnum


class Action(IntEnum):
    """What may be done with data. Effective QUOTE needs SEE; effective EXPORT needs QUOTE."""

    SEE = 0
    QUOTE = 1  # repeat it in a channel
    AGGREGATE = 2  # count it, anonymously, above a minimum group size
    DERIVE = 3  # let it feed new products and opportunities
    EXPORT = 4

    @property
    def word(self) -> str:
        """As it is written in a rule, stored, and typed: "see"."""
        return self.name.lower()


NEEDS = {
    Action.SEE: (Action.SEE,),
    Action.QUOTE: (Action.SEE, Action.QUOTE),
    Action.AGGREGATE: (Action.AGGREGATE,),
    Action.DERIVE: (Action.DERIVE,),
    Action.EXPORT: (Action.SEE, Action.QUOTE, Action.EXPORT),
}
"""What has to be allowed for each action to have effect."""


class Effect(StrEnum):
    """What a rule says: allowed, or not."""

    PERMIT = "permit"
    DENY = "deny"


class Scope(StrEnum):
    """Where a rule holds: in its Nexus alone, or also in everything below."""

    SELF = "self"
    SUBTREE = "subtree"


# Relative to the Nexus of a record; its author may always act, and no rule changes that. The order is the bit, and
# stored words depend on it: only ever append.
AUDIENCES = (
    "public",
    "member",
    "sub-member",  # member of a Nexus below
    "ancestor-member",  # member of a Nexus above
    "linked-member",  # member of a directly linked Nexus
    "bridge",  # a program that a member operates for the Nexus, acting for the person who called it
    "owner",
    "steward",
    "treasurer",
    "moderator",
    "guest",
)
ANY = "*"  # every kind
WIDTH = 12
BITS = {name: 1 << place for place, name in enumerate(AUDIENCES)}
PUBLIC, MEMBER, SUB_MEMBER, ANCESTOR_MEMBER, LINKED_MEMBER, BRIDGE = (BITS[name] for name in AUDIENCES[:6])
EVERYBODY = (1 << len(AUDIENCES)) - 1
ALL = sum(EVERYBODY << (WIDTH * action) for action in Action)  # a consent to everything
NOTHING = 0


def spread(audiences: int, actions: Iterable[Action]) -> int:
    """The word that allows these audience bits these actions."""
    word = 0
    for action in actions:
        word |= audiences << (WIDTH * action)
    return word


def audiences_of(word: int, action: Action) -> int:
    """The audience bits that a word allows an action."""
    return (word >> (WIDTH * action)) & EVERYBODY


def names_of(audiences: int) -> tuple[str, ...]:
    """The names of audience bits, in the order of `AUDIENCES`."""
    return tuple(name for name, bit in BITS.items() if audiences & bit)


def pack_actions(actions: Iterable[Action]) -> int:
    """A set of actions as it is stored in a rule: bit n for action n."""
    packed = 0
    for action in actions:
        packed |= 1 << action
    return packed


def unpack_actions(packed: int) -> Iterator[Action]:
    """The actions of a stored set."""
    return (action for action in Action if packed >> action & 1)
