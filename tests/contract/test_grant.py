"""A grant from plain talk to its receipt: a deposit, a proposal, two approvals, the yes, the payment, the fund.

The same sentences on every surface, with the offline brain and with a model that calls the tools a good one would call.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from bot.cofounder.brain import Understands
from bot.cofounder.offline import OfflineBrain
from core.catalogue import REGISTRY
from core.clock import DAY
from core.grants.conflicts import tell_terminals_apart
from core.ledger.verify import verify
from tests.contract.conftest import PLATFORMS, Move, furnished
from tests.contract.house import Scene
from tests.contract.surfaces import Surface
from tests.contract.talking import good_model

# Who says what, and what stands in the answer. A word in brackets is a button; … is what they are told unasked.
SCRIPT: tuple[tuple[str, str, str], ...] = (
    ("Ana", "record a deposit of 2000 EUR", "2,000.00 EUR"),
    ("Ana", "[Yes]", "2,000.00 EUR"),
    ("Cleo", "give Ben 500 EUR for the parser", "500.00 EUR to Ben from Home · available 2,000.00 → 1,500.00"),
    ("Cleo", "[Yes]", "500.00 EUR"),
    ("Cleo", "[Approve]", ""),  # there is no such button for Cleo
    ("Tom", "[Approve]", "1 of 2"),
    ("Mira", "[Approve]", "500.00 EUR is kept aside for Ben"),
    ("Ben", "[Accept]", "No equity, no debt, no exclusivity."),
    ("Tom", "[It is paid]", "500.00 EUR"),
    ("Tom", "[Yes]", "2026-0001"),
    ("Ben", "…", "receipt 2026-0001"),
    ("Ben", "my receipts", "2026-0001: 500.00 EUR"),
    ("Ana", "show the fund", "1,500.00 EUR"),
)
CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "record a deposit of 2000 EUR": ("fund.deposit", {"amount": "2000 EUR"}),
    "give Ben 500 EUR for the parser": (
        "grant.propose",
        {"person": "Ben", "amount": "500 EUR", "purpose": "the parser"},
    ),
    "my receipts": ("receipt.list", {}),
    "show the fund": ("fund.show", {}),
}


@pytest.fixture(scope="module")
def offline() -> Understands:
    """The real one."""
    return OfflineBrain(REGISTRY)


@pytest.fixture(params=["offline", "model"])
def kind(request: pytest.FixtureRequest) -> str:
    """Which brain."""
    return str(request.param)


@pytest.fixture(params=PLATFORMS)
async def place(request: pytest.FixtureRequest, kind: str, move: Move) -> AsyncIterator[Surface]:
    """A house with one surface, and its brain."""
    async with AsyncExitStack() as stack:
        fakes = await furnished(stack, request.param)
        brain, offline = None, None
        if kind == "offline":
            offline = request.getfixturevalue("offline")
        if kind == "model":
            brain = await good_model(stack, CALLS)
        house = await stack.enter_async_context(move("sqlite", offline=offline, brain=brain, **fakes))
        tell_terminals_apart(house.store)
        yield house.surface


async def test_a_grant_from_plain_talk_to_its_receipt(place: Surface) -> None:
    scene = Scene(place)
    await scene.claimed()
    for who in ("Ben", "Cleo", "Tom", "Mira"):
        await scene.invited("Ana", who)
    for who in ("Tom", "Mira"):
        await place.say("Ana", f"/role grant {who} steward")
        await place.press("Ana", "Yes")
    place.house.clock.advance(2 * DAY)
    for who, words, expected in SCRIPT:
        if words == "[Approve]" and not expected:
            assert "Approve" not in place.buttons(who)
            continue
        if words == "…":
            said = await place.news(who)
        else:
            said = await (place.press(who, words.strip("[]")) if words.startswith("[") else place.say(who, words))
        assert expected in said, f"{who}: {words}\n{said}"
    assert place.house.count("receipt") == 1
    assert place.house.store.read(lambda unit: verify(unit)).result().problems == ()
