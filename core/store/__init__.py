"""Where everything is kept: units of work on SQLite (embedded) or PostgreSQL.

A *unit* is a plain function that gets a `Unit` (an open transaction) and returns a value. `Store.write` commits it
durably or leaves no trace; `Store.read` sees one consistent snapshot and never waits for a writer. Only this room
knows which engine is underneath; `core.store.schema.metadata` is where every subject registers its tables.
"""

from core.store.open import open_store
from core.store.schema import metadata
from core.store.store import Store
from core.store.unit import Unit

__all__ = ["Store", "Unit", "metadata", "open_store"]
