"""The history of the schema: `env.py` is Alembic's entry, `names.py` says which tables it compares, and `versions/`
holds one file per step."""
