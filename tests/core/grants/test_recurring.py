"""Grants that come again: as drafts, under what the Nexus asks for then, and never paying by themselves."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.clock import DAY
from core.errors import Conflict, NotAllowed
from core.grants.grants import Grant, grant_of
from core.grants.tables import grants
from core.nexuses.members import leave
from core.nexuses.tree import nexus_of
from core.operations.run import Ask
from tests.core.grants.circle import Circle
from tests.core.grants.lives import accepted, swept
from tests.world import World


@pytest.fixture
def circle(world: World) -> Circle:
    return Circle(world)


def _drafts(circle: Circle, handle: str) -> list[Grant]:
    rows = select(grants.c.id).where(grants.c.origin_id == circle.grant(handle).id).order_by(grants.c.id)
    return circle.world.read(  # type: ignore[no-any-return]
        lambda unit: [grant_of(unit, row["id"]) for row in unit.rows(rows)]
    )


def test_a_draft_is_made_and_gives_nothing_until_it_is_proposed_and_approved(circle: Circle) -> None:
    handle = accepted(circle, every="30 days", parts="2", each="7 days", report="60 days")
    circle.world.do("Tom", "grant.pay", grant=f"#{handle}")
    swept(circle, 29 * DAY)
    assert _drafts(circle, handle) == []
    swept(circle, DAY)
    (draft,) = _drafts(circle, handle)
    assert (draft.state, draft.recipient_id, draft.every) == ("draft", circle.world.id_of("Ana"), 0)
    assert [str(one.amount) for one in draft.tranches] == ["250.00 EUR", "250.00 EUR"]
    assert circle.free() == (95_000, 25_000)
    assert [text for text, _ in circle.told("Ana") if "draft" in text] == []
    card = circle.press("Mia", "Propose it")
    assert isinstance(card, Ask)
    assert card.arguments["needs"] == "It needs 2 approvals, not yours."
    circle.world.press("Mia", card.buttons[0].token)
    for who in ("Stan", "Tom"):
        circle.world.do(who, "grant.approve", grant=f"#{draft.handle}")
    circle.world.do("Ana", "grant.accept", grant=f"#{draft.handle}")
    again = circle.grant(draft.handle)
    now = circle.world.clock.now()
    assert [one.due_at for one in again.tranches] == [now, now + 7 * DAY]
    assert again.report_due == now + 60 * DAY
    circle.sound()


def test_what_was_missed_is_drafted_once(circle: Circle) -> None:
    handle = accepted(circle, every="30 days")
    swept(circle, 100 * DAY)
    assert len(_drafts(circle, handle)) == 1
    swept(circle, 19 * DAY)
    assert len(_drafts(circle, handle)) == 1
    swept(circle, DAY)
    assert len(_drafts(circle, handle)) == 2


def test_it_stops_when_told_and_only_its_proposer_decides_that(circle: Circle) -> None:
    handle = accepted(circle, every="30 days")
    for who in ("Ana", "Tom"):
        with pytest.raises(NotAllowed, match="proposed"):
            circle.world.do(who, "grant.repeat", grant=f"#{handle}")
    circle.world.do("Mia", "grant.repeat", grant=f"#{handle}")
    with pytest.raises(Conflict, match="doesn't come again"):
        circle.world.do("Mia", "grant.repeat", grant=f"#{handle}")
    swept(circle, 100 * DAY)
    assert _drafts(circle, handle) == []
    circle.world.do("Mia", "grant.repeat", grant=f"#{handle}", every="10 days")
    swept(circle, 10 * DAY)
    assert len(_drafts(circle, handle)) == 1


def test_it_stops_when_the_proposer_is_no_member_any_more(circle: Circle) -> None:
    handle = accepted(circle, every="30 days")
    mia = circle.world.id_of("Mia")
    circle.world.write(lambda unit: leave(unit, mia, nexus_of(unit, circle.parser)))
    swept(circle, 30 * DAY)
    circle.world.join("Mia", "Parser")
    swept(circle, 30 * DAY)
    assert _drafts(circle, handle) == []
    assert circle.grant(handle).every == 0


def test_what_was_rejected_does_not_come_again(circle: Circle) -> None:
    handle = circle.propose(every="30 days")
    circle.world.do("Stan", "grant.reject", grant=f"#{handle}", reason="not now")
    swept(circle, 100 * DAY)
    assert _drafts(circle, handle) == []
    with pytest.raises(Conflict, match="propose a new one"):
        circle.world.do("Mia", "grant.repeat", grant=f"#{handle}", every="10 days")


def test_ones_own_gift_comes_again_out_of_ones_own_and_waits_for_the_yes(circle: Circle) -> None:
    circle.deposit(100_000, own="Ben")
    handle = accepted(circle, "Ben", giver="me", every="30 days")
    circle.world.do("Ben", "grant.pay", grant=f"#{handle}")
    swept(circle, 30 * DAY)
    (draft,) = _drafts(circle, handle)
    assert circle.free(own="Ben") == (50_000, 0)
    circle.done("Ben", "Propose it")
    assert (circle.grant(draft.handle).state, circle.free(own="Ben")) == ("approved", (50_000, 50_000))
    assert circle.free() == (120_000, 0)
    circle.sound()
