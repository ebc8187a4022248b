"""The one MetaData that all tables register with, and the column types that both engines share."""

from __future__ import annotations

import json
import re
from typing import Any

from sqlalchemy import BigInteger, MetaData, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = BigInteger  # core.ids.new_id
Time = BigInteger  # milliseconds since the epoch, UTC


# Half of a surrogate pair can arrive in a message, and no store takes it.
_HALVES = re.compile("[\ud800-\udfff]")


class Json(TypeDecorator[Any]):
    """JSON as compact text on both engines, so that a dump of one can be compared with the other's byte by byte."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Python value to text."""
        if value is None:
            return None
        return _HALVES.sub("\ufffd", json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Text to Python value."""
        return None if value is None else json.loads(value)
