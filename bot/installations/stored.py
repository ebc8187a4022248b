"""The installations of one platform, kept in the store with their secrets encrypted."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import SecretStr
from sqlalchemy import bindparam, select, update
from sqlalchemy.engine import RowMapping

from adapters.contract import Installation
from bot.installations.seal import Seal, WrongKey
from bot.installations.tables import installation
from bot.log import log
from bot.unit import AsyncStore
from core.store import Unit
from core.store.upsert import insert_into

_KEPT = (
    select(installation)
    .where(installation.c.sealed.is_not(None))
    .order_by(installation.c.platform, installation.c.workspace)
)
_ALL = _KEPT.where(installation.c.platform == bindparam("p"))
_ONE = _ALL.where(installation.c.workspace == bindparam("w"))
_EVERY = _KEPT.with_for_update()
_HERE = (installation.c.platform == bindparam("p"), installation.c.workspace == bindparam("w"))
_FORGET = update(installation).where(*_HERE).values(sealed=None, removed_at=bindparam("at"))
_RESEAL = update(installation).where(*_HERE).values(sealed=bindparam("anew"))


@dataclass(frozen=True, slots=True)
class Rotated:
    """How many rows are encrypted with the first key now, and which could not be read: `platform workspace (name)`."""

    rotated: int
    unreadable: tuple[str, ...]


class StoredInstallations:
    """`adapters.contract.Installations` of one platform.

    One that cannot be decrypted is as if it were not there, so that the others go on; the log names it. Writing
    without a usable key raises `BadSettings`.
    """

    def __init__(self, store: AsyncStore, platform: str, keys: SecretStr) -> None:
        self._store = store
        self._platform = platform
        self._seal = Seal(keys)

    async def save(self, installation: Installation) -> None:
        """See the contract."""
        if installation.platform != self._platform:
            raise ValueError(f"an installation of {installation.platform} among those of {self._platform}")
        sealed = self._seal.close(installation.data, about=_about(self._platform, installation.workspace))
        await self._store.write(lambda unit: _save(unit, installation, sealed))

    async def find(self, workspace: str) -> Installation | None:
        """See the contract."""
        row = await self._store.read(lambda unit: unit.row(_ONE, p=self._platform, w=workspace))
        return None if row is None else self._opened(row)

    async def forget(self, workspace: str) -> None:
        """See the contract."""
        await self._store.write(lambda unit: unit.changed(_FORGET, p=self._platform, w=workspace, at=unit.now))

    async def all(self) -> list[Installation]:
        """See the contract. Ordered by workspace."""
        rows = await self._store.read(lambda unit: unit.rows(_ALL, p=self._platform))
        return [found for row in rows if (found := self._opened(row)) is not None]

    def _opened(self, row: RowMapping) -> Installation | None:
        try:
            data = self._seal.open(row["sealed"], about=_about(row["platform"], row["workspace"]))
        except WrongKey as error:
            log.error(error.message)
            return None
        return Installation(row["platform"], row["workspace"], row["name"], data)


def rotate(unit: Unit, seal: Seal) -> Rotated:
    """Encrypt every row with the first key, of all platforms. What no key fits stays as it is."""
    rotated, unreadable = 0, []
    for row in unit.rows(_EVERY):
        about = _about(row["platform"], row["workspace"])
        try:
            anew = seal.close(seal.open(row["sealed"], about=about), about=about)
        except WrongKey:
            unreadable.append(f"{about} ({row['name']})")
            continue
        rotated += unit.changed(_RESEAL, p=row["platform"], w=row["workspace"], anew=anew)
    return Rotated(rotated, tuple(unreadable))


def _about(platform: str, workspace: str) -> str:
    return f"{platform} {workspace}"


def _save(unit: Unit, what: Installation, sealed: bytes) -> None:
    insert = insert_into(installation, postgres=unit.postgres)
    values = {"name": what.name, "sealed": sealed, "installed_at": unit.now, "removed_at": None}
    unit.execute(
        insert.values(platform=what.platform, workspace=what.workspace, **values).on_conflict_do_update(
            index_elements=("platform", "workspace"), set_=values
        )
    )
