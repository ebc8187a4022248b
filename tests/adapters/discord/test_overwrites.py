"""What a lock changes, and the way back, without any network."""

import pytest

from adapters.discord.overwrites import PERSON, ROLE, WRITING, Overwrite, load, locked
from adapters.discord.permissions import bit

EVERYONE, MODERATORS, ADMINS, OWN, BOT = "10", "20", "30", "40", "90"
SEND, REACT, VIEW = bit("send_messages"), bit("add_reactions"), bit("view_channel")
ROLES = {
    EVERYONE: VIEW | WRITING,
    MODERATORS: bit("moderate_members"),
    ADMINS: bit("administrator"),
    OWN: bit("send_messages") | bit("manage_roles"),
}


def lock(table: dict[str, Overwrite], *bot_roles: str) -> dict[str, Overwrite]:
    return locked(table, ROLES, EVERYONE, BOT, list(bot_roles))


def test_moderators_and_the_bot_come_before_everyone() -> None:
    changed = lock({}, OWN)
    assert list(changed) == [MODERATORS, BOT, EVERYONE]
    assert changed[MODERATORS] == Overwrite(ROLE, WRITING, 0)
    assert changed[BOT] == Overwrite(PERSON, WRITING, 0)
    assert changed[EVERYONE] == Overwrite(ROLE, 0, WRITING)


def test_a_bot_that_is_a_moderator_or_an_administrator_needs_nothing_of_its_own() -> None:
    assert list(lock({}, MODERATORS)) == [MODERATORS, EVERYONE]
    assert list(lock({}, OWN, ADMINS)) == [MODERATORS, EVERYONE]


def test_who_could_not_write_before_cannot_now() -> None:
    table = {EVERYONE: Overwrite(ROLE, REACT, SEND), MODERATORS: Overwrite(ROLE, 0, REACT | VIEW)}
    changed = lock(table)
    assert changed[MODERATORS] == Overwrite(ROLE, bit("send_messages_in_threads"), REACT | VIEW)
    assert changed[EVERYONE] == Overwrite(ROLE, 0, WRITING)


def test_what_is_locked_changes_nothing() -> None:
    once = lock({"7": Overwrite(PERSON, SEND | VIEW, 0), "8": Overwrite(ROLE, VIEW, SEND)}, OWN)
    assert once["7"] == Overwrite(PERSON, VIEW, 0)
    assert "8" not in once
    assert lock({**once, "8": Overwrite(ROLE, VIEW, SEND)}, OWN) == {}


def test_only_the_bits_of_writing_are_put_back() -> None:
    now, then = Overwrite(ROLE, VIEW, SEND | REACT), Overwrite(ROLE, SEND, VIEW | REACT)
    assert now.writing_as(then) == Overwrite(ROLE, VIEW | SEND, REACT)


@pytest.mark.parametrize("one", [Overwrite(ROLE, SEND, VIEW), Overwrite(PERSON), Overwrite(PERSON, there=False)])
def test_as_text_and_back(one: Overwrite) -> None:
    assert load({"7": one.dump()}) == {"7": one}


def test_what_is_no_overwrite_is_left_out() -> None:
    assert load({"locked": "yes", "7": "", "8": "1 2", "9": "1 -2 3", "11": "x"}) == {}
