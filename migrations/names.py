"""Which tables are the models' own: the others are kept by an engine (full text) or by a library."""


def include_name(name: str | None, kind: str, parents: object) -> bool:
    """Leave tables that are made with SQL of their own, or by somebody else, out of autogenerate."""
    return not (kind == "table" and name is not None and name.startswith(("record_text", "procrastinate_")))
