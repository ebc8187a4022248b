"""What moderators do on a platform, in neutral words: an act, the state before it, and what was really done.

An act is carried out at least once: a crash in between repeats it, so carrying it out twice must have the effect of
once. Times are absolute for that reason. What a platform cannot do, or its hierarchy forbids, is no error: it is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Power(StrEnum):
    """What can be done to people, messages and places."""

    DELETE = "delete"  # the messages `message_ids` of a place
    TIMEOUT = "timeout"  # the person can read and not write, until `until`
    RELEASE = "release"  # the end of a timeout
    KICK = "kick"  # out, and free to come back
    BAN = "ban"  # out, and kept out until `until` (0: without end); who is not there is kept out as well
    UNBAN = "unban"  # may come back; nobody who is there is put out by it
    LOCK = "lock"  # nobody but the moderators writes in the place
    UNLOCK = "unlock"  # as it was, by `before`
    SLOW = "slow"  # everybody writes once in `seconds`; 0 ends it
    CLOSE_DOOR = "close_door"  # no invitations of the platform work for now
    OPEN_DOOR = "open_door"  # as it was, by `before`


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to be done.

    `workspace` and `place_id` as in `Event` (`place_id` is "" where an act concerns the whole workspace), `thread` the
    thread within the place if one is meant. `account_id`: whom it is done to. `by`: the account of the moderator on
    this platform, "" if it was a rule or if they have none there. `until`: ms since epoch, 0: without end. `reason`
    goes into the platform's own log; `key` names the act and is the same when it is repeated. `before`: what
    `Powers.before` gave for this act, or for the act that this one takes back.
    """

    power: Power
    workspace: str
    key: str
    place_id: str = ""
    thread: str = ""
    account_id: str = ""
    by: str = ""
    message_ids: tuple[str, ...] = ()
    until: int = 0
    seconds: int = 0
    reason: str = ""
    before: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Did:
    """What came of an act.

    `done`: the effect is there now, whether by this call or an earlier one. `said`: one plain sentence of what was
    done instead, in part, or why it was not ("Mira's role is above mine."); "" if everything was done as asked.
    `left` are messages that are still there. `part`: not what was asked, but something in its stead, which `said` tells
    (out of some channels, and not kept out). `until`: when the platform itself ends it, where that differs from what
    was asked (ms since epoch); it has to be renewed then.
    """

    done: bool
    said: str = ""
    left: tuple[str, ...] = ()
    until: int = 0
    part: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Written:
    """A message that stands in a place: its id, who wrote it, when (ms since epoch). Never its text."""

    message_id: str
    account_id: str
    at: int
