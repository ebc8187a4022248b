"""What people try to get around four eyes: asking themselves, fresh and borrowed roles, becoming one and parting."""

from __future__ import annotations

import pytest

from core.clock import DAY
from core.errors import Conflict, NotAllowed
from core.grants.conflicts import tell_terminals_apart
from core.nexuses.members import join
from core.people.linking import merge, separate
from core.people.people import account_of
from core.places.mapped import Seen, apply
from core.places.maps import add_mapping
from core.store import Unit
from tests.core.grants.circle import Circle
from tests.core.grants.four import approve, become_one, circle_below_hilda
from tests.world import World


@pytest.fixture
def circle(world: World) -> Circle:
    """See `circle_below_hilda`."""
    return circle_below_hilda(world)


# -- escalation --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["sqlite"])
def test_too_few_here_and_those_above_are_asked_never_oneself(circle: Circle) -> None:
    handle = circle.propose("Olga", person="Stan")  # Tom alone has no part in it
    assert circle.told("Hilda")[-1][0] == "Olga proposes a grant in Parser. What do you say?"
    for who in ("Olga", "Stan"):
        assert not [text for text, buttons in circle.told(who) if "Approve" in buttons]
        with pytest.raises(NotAllowed, match="someone other than you"):
            approve(circle, handle, who)
    approve(circle, handle, "Tom", "Hilda")
    assert circle.grant(handle).state == "approved"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_root_that_has_nobody_says_so_and_names_the_ways_out(world: World) -> None:
    world.join("Hilda", "Home", "owner")
    for name in ("Ana", "Ben"):
        world.join(name, "Home")
    world.clock.advance(2 * DAY)
    handle = world.do("Hilda", "grant.propose", person="Ana", amount="5 EUR", purpose="tea").handle
    with pytest.raises(NotAllowed) as refusal:
        world.do("Hilda", "grant.approve", grant=f"#{handle}")
    assert refusal.value.message == (
        "To approve it takes someone other than you, as you have a part in it. Nobody else can so far. Ways out: one "
        "more owner, steward or treasurer, a mandate, or giving from one's own deposit. Or whoever it is for applies "
        "for it themselves: then there is somebody who can decide."
    )
    applied = world.do("Ana", "grant.apply", amount="5 EUR", purpose="tea").handle
    assert world.do("Hilda", "grant.approve", grant=f"#{applied}").have == 1


@pytest.mark.parametrize("engine", ["sqlite"])
def test_all_of_one_terminal_are_one_so_those_above_are_asked_too(circle: Circle) -> None:
    world = circle.world
    world.person("Hugo", platform="discord")
    world.join("Hugo", "Home", "owner")
    for name in ("Una", "Mika"):
        world.person(name, platform="discord")
    world.join("Una", "Parser", "steward")
    world.join("Mika", "Parser")
    world.join("Ida", "Parser")  # at the terminal, as Olga, Stan and Tom
    world.person("Ivo", platform="slack")
    world.join("Ivo", "Parser")
    world.clock.advance(2 * DAY)
    world.store.pictures.clear()
    try:
        handle = circle.propose("Mika", person="Ivo")
        asked = {name for name in ("Olga", "Stan", "Tom", "Una", "Hugo") if circle.told(name)}
        assert asked >= {"Olga", "Una"}
        approve(circle, handle, "Stan")
        with pytest.raises(Conflict, match="approved that already"):
            approve(circle, handle, "Olga")  # the operator, under another name
        world.do("Una", "grant.approve", grant=f"#{handle}", at={"here": "Parser"})
        assert circle.grant(handle).state == "approved"
        theirs = circle.propose("Ida", person="Ivo")
        assert circle.told("Hugo")[-1][0] == "Ida proposes a grant in Parser. What do you say?"
        with pytest.raises(NotAllowed, match="someone other than you"):
            approve(circle, theirs, "Tom")
    finally:
        tell_terminals_apart(world.store)


# -- roles -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_role_counts_after_its_age_and_starts_anew_when_given_again(circle: Circle) -> None:
    world = circle.world
    world.do("Olga", "policy.set", age="7 days", at={"here": "Parser"})
    world.clock.advance(7 * DAY)
    world.do("Olga", "role.grant", person="Ben", role="treasurer", nexus="Parser")
    handle = circle.propose()
    with pytest.raises(NotAllowed, match="had their role for 7 days"):
        approve(circle, handle, "Ben")
    world.clock.advance(7 * DAY - 1)
    with pytest.raises(NotAllowed, match="had their role for 7 days"):
        approve(circle, handle, "Ben")
    world.clock.advance(1)
    approve(circle, handle, "Ben")
    world.do("Olga", "role.revoke", person="Ben", role="treasurer", nexus="Parser")
    world.do("Olga", "role.grant", person="Ben", role="treasurer", nexus="Parser")
    assert world.do("Mia", "grant.show", grant=f"#{handle}").have == 0  # his yes counts while his role does
    world.clock.advance(7 * DAY)
    assert world.do("Mia", "grant.show", grant=f"#{handle}").have == 1


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_role_from_a_platform_is_from_whoever_made_the_mapping(circle: Circle) -> None:
    world = circle.world
    pia = world.person("Pia", platform="discord")
    stan = world.id_of("Stan")

    def unit(unit: Unit) -> None:
        add_mapping(
            unit, platform="discord", ground="g", external_role="7", title="Helpers",
            nexus_id=circle.parser, role="steward", made_by=stan,
        )  # fmt: skip
        apply(unit, [Seen(pia.person_id, pia.account_id, "discord", "g", ("7",))])

    world.write(unit)
    world.clock.advance(2 * DAY)
    here = {"at": {"here": "Parser"}}
    others, his = circle.propose(), circle.propose("Stan")
    assert world.do("Pia", "grant.approve", grant=f"#{others}", **here).have == 1
    with pytest.raises(NotAllowed, match="not from a person with a part in it"):
        world.do("Pia", "grant.approve", grant=f"#{his}", **here)
    become_one(circle, "Ana", "Stan")  # whoever made the mapping turns out to be who receives it
    with pytest.raises(NotAllowed, match="not from a person with a part in it"):
        world.do("Pia", "grant.reject", grant=f"#{others}", **here)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_whoever_lost_their_role_approved_nothing(circle: Circle) -> None:
    handle = circle.propose()
    approve(circle, handle, "Stan")
    circle.world.do("Olga", "role.revoke", person="Stan", role="steward", nexus="Parser")
    approve(circle, handle, "Tom")
    assert circle.grant(handle).state == "proposed"
    circle.world.do("Olga", "grant.approve", grant=f"#{handle}")
    assert circle.grant(handle).state == "approved"


# -- becoming one, and parting -----------------------------------------------------------------------------------------


def test_becoming_one_recounts_approvals(circle: Circle) -> None:
    handle = circle.propose()
    approve(circle, handle, "Stan")
    become_one(circle, "Tom", "Stan")
    with pytest.raises(Conflict, match="approved that already"):
        approve(circle, handle, "Tom")
    circle.world.do("Olga", "grant.approve", grant=f"#{handle}")
    assert circle.grant(handle).state == "approved"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_parting_gives_no_second_voice(circle: Circle) -> None:
    world = circle.world
    second = world.person("Stan 2", platform="discord")
    become_one(circle, "Stan", "Stan 2")
    handle = circle.propose()
    approve(circle, handle, "Stan")
    alone = world.write(lambda unit: separate(unit, account_of(unit, second.account_id)))
    olga = world.id_of("Olga")
    world.write(lambda unit: join(unit, alone, circle.parser, "steward", granted_by=olga))
    world.people["Alone"] = type(second)(second.account_id, alone, "Alone", "discord", "alone")
    world.clock.advance(2 * DAY)
    with pytest.raises(Conflict, match="approved that already"):
        world.do("Alone", "grant.approve", grant=f"#{handle}", at={"here": "Parser"})
    assert circle.grant(handle).state == "proposed"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_two_who_shared_an_account_at_different_times_are_one_voice(circle: Circle) -> None:
    world = circle.world
    second = world.person("Stan 2", platform="discord")
    become_one(circle, "Stan", "Stan 2")
    alone = world.write(lambda unit: separate(unit, account_of(unit, second.account_id)))
    handle = circle.propose()
    approve(circle, handle, "Stan")
    with_tom = world.id_of("Tom")
    world.write(lambda unit: merge(unit, old=alone, new=with_tom))
    with pytest.raises(Conflict, match="approved that already"):
        approve(circle, handle, "Tom")
    other = circle.propose()
    approve(circle, other, "Tom", "Olga")
    assert circle.grant(other).state == "approved"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_two_voices_that_come_to_share_an_account_count_once(circle: Circle) -> None:
    world = circle.world
    second = world.person("Stan 2", platform="discord")
    become_one(circle, "Stan", "Stan 2")
    alone = world.write(lambda unit: separate(unit, account_of(unit, second.account_id)))
    world.do("Olga", "policy.set", approvals=3, at={"here": "Parser"})
    handle = circle.propose()
    approve(circle, handle, "Stan", "Tom")
    assert world.do("Mia", "grant.show", grant=f"#{handle}").have == 2
    with_tom = world.id_of("Tom")
    world.write(lambda unit: merge(unit, old=alone, new=with_tom))
    assert world.do("Mia", "grant.show", grant=f"#{handle}").have == 1


@pytest.mark.parametrize(("first", "second"), [("Stan", "Tom"), ("Stan", "Ana"), ("Tom", "Mia")])
@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_was_approved_by_people_who_turn_out_to_be_one_goes_no_further(
    circle: Circle, first: str, second: str
) -> None:
    world = circle.world
    waits, taken = circle.propose(), circle.propose()
    for handle in (waits, taken):
        approve(circle, handle, "Stan", "Tom")
    world.do("Ana", "grant.accept", grant=f"#{taken}")
    become_one(circle, second, first)
    with pytest.raises(Conflict, match="approvals of that grant don't suffice any more"):
        world.do("Ana", "grant.accept", grant=f"#{waits}")
    for operation in ("grant.release", "grant.pay"):
        with pytest.raises(Conflict, match="approvals of that grant don't suffice any more"):
            world.do("Olga", operation, grant=f"#{taken}")
    for handle in (waits, taken):  # the way out
        world.do("Olga", "grant.revoke", grant=f"#{handle}", reason="they were one person")
    assert circle.free() == (120_000, 0)
    circle.sound()


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_roles_of_those_who_approved_may_end_afterwards(circle: Circle) -> None:
    handle = circle.propose()
    approve(circle, handle, "Stan", "Tom")
    circle.world.do("Olga", "role.revoke", person="Stan", role="steward", nexus="Parser")
    circle.world.do("Ana", "grant.accept", grant=f"#{handle}")
    assert circle.grant(handle).state == "accepted"
