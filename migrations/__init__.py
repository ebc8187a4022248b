"""The history of the schema. `env.py` is Alembic's entry; `versions/` holds one file per step."""
