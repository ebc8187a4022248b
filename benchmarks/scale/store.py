"""The store before the start: a Nexus for each place with everybody there as a member, and Slack's installations."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence

from pydantic import SecretStr

from adapters.contract import Installation
from benchmarks.scale.world import Place
from bot.installations.stored import StoredInstallations
from bot.unit import AsyncStore
from core.nexuses.founding import found
from core.nexuses.roles import MEMBER
from core.nexuses.tree import ROOT_ID, add_nexus
from core.people.people import speaker
from core.places.maps import EVERYONE, add_mapping
from core.places.places import add_server, bind, place_at
from core.store import Unit, open_store


def prepare(url: str, key: str, places: Sequence[Place], *, mixed: bool = False) -> None:
    """Make the store at `url`; `key` is what encrypts the installations.

    `mixed` binds all places to one Nexus: the fault that the proof of isolation has to find.
    """
    store = open_store(url)
    try:
        store.write(lambda unit: _bind_all(unit, places, mixed=mixed)).result()
        asyncio.run(_install(AsyncStore(store), key, [one for one in places if one.platform == "slack"]))
    finally:
        store.close()


def _bind_all(unit: Unit, places: Sequence[Place], *, mixed: bool) -> None:
    found(unit, "Home")
    keeper = speaker(unit, platform="terminal", workspace="", external_id="keeper", name="Keeper").person_id
    nexus_id = 0
    for place in places:
        if not (mixed and nexus_id):
            nexus_id = add_nexus(unit, place.name, parent_id=ROOT_ID, door="private").id
        _bind(unit, place, nexus_id, keeper)


def _bind(unit: Unit, place: Place, nexus_id: int, keeper: int) -> None:
    """As `place.setup` does with "everyone here is a member"."""
    if place.ground == place.workspace:
        ground = add_server(unit, place.platform, place.workspace, place.name)
    else:
        ground = place_at(
            unit,
            platform=place.platform,
            workspace=place.workspace,
            external_id=place.channel,
            thread="",
            kind="group",
            title=place.name,
        )
    bind(unit, ground.id, nexus_id, "members", by=keeper)
    add_mapping(
        unit,
        platform=place.platform,
        ground=place.ground,
        external_role=EVERYONE,
        title=EVERYONE,
        nexus_id=nexus_id,
        role=MEMBER,
        made_by=keeper,
    )


async def _install(store: AsyncStore, key: str, workspaces: Sequence[Place]) -> None:
    kept = StoredInstallations(store, "slack", SecretStr(key))
    for place in workspaces:
        data = {"bot_token": place.token, "bot_user_id": place.bot, "team_name": place.name}
        await kept.save(Installation("slack", place.workspace, place.name, json.dumps(data)))
