"""Who stands above whom. Pure."""

import pytest

from adapters.slack.ranks import Person, Rank, person_of, protected

BEN = Person("U2", "Ben", Rank.MEMBER)


@pytest.mark.parametrize(
    ("flags", "rank"),
    [
        ({"is_restricted": True}, Rank.GUEST),
        ({"is_restricted": True, "is_ultra_restricted": True}, Rank.GUEST),
        ({"is_admin": False}, Rank.MEMBER),
        ({"is_admin": True}, Rank.ADMIN),
        ({"is_admin": True, "is_owner": True}, Rank.OWNER),
        ({"is_admin": True, "is_owner": True, "is_primary_owner": True}, Rank.PRIMARY_OWNER),
        ({"enterprise_user": {"is_admin": True}}, Rank.ADMIN),
        ({"enterprise_user": {"is_owner": True}}, Rank.OWNER),
        ({}, Rank.MEMBER),
    ],
)
def test_ranks(flags: dict[str, object], rank: Rank) -> None:
    person = person_of({"id": "U1", "name": "ana", "is_bot": False, **flags}, "T1")
    assert person == Person("U1", "ana", rank)


def test_apps_and_the_deactivated() -> None:
    assert person_of({"id": "U3", "name": "helper", "is_bot": True}, "T1").app
    assert person_of({"id": "USLACKBOT", "name": "slackbot", "is_bot": False}, "T1").app
    assert not person_of({"id": "U4", "name": "dora", "deleted": True}, "T1").active


def test_a_rule_acts_on_members_and_guests_alone() -> None:
    assert protected("U0", BEN, None) == ""
    assert protected("U0", Person("U3", "Cleo", Rank.GUEST), None) == ""
    assert "an admin" in protected("U0", Person("U3", "Cleo", Rank.ADMIN), None)
    assert protected("U2", BEN, None) == "That is me, and I do nothing to myself."


def test_a_moderator_is_no_lower_than_whom_they_decide_about() -> None:
    assert protected("U0", BEN, Person("U1", "Ana", Rank.MEMBER)) == ""
    assert "a guest" in protected("U0", BEN, Person("U1", "Ana", Rank.GUEST))
    assert "not in this workspace any more" in protected("U0", BEN, Person("U1", "Ana", Rank.OWNER, active=False))
