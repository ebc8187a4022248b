"""JSON schemas of tools and answers, as Structured Outputs takes them."""

from typing import Any

# Words of JSON Schema that strict mode does not know.
_NOT_STRICT = ("oneOf", "allOf", "not", "if", "then", "else", "dependentRequired", "dependentSchemas")
MAX_DEPTH = 10
MAX_PROPERTIES = 5000


def check_schema(schema: Any, *, strict: bool) -> str | None:
    """What is wrong with a schema, in the API's words, or None."""
    if not isinstance(schema, dict) or schema.get("type") != "object":
        got = schema.get("type") if isinstance(schema, dict) else None
        return f"schema must be a JSON Schema of 'type: \"object\"', got 'type: \"{got}\"'."
    if strict and "anyOf" in schema:
        return "In context=(), 'anyOf' is not permitted at the root."
    counted = [0]
    return _check(schema, (), strict, counted)


def _check(schema: Any, path: tuple[str, ...], strict: bool, counted: list[int]) -> str | None:
    context = f"In context={path!r}"
    if isinstance(schema, bool):
        return f"{context}, schema must not be a boolean." if strict else None
    if not isinstance(schema, dict):
        return f"{context}, schema must be an object."
    if schema.get("type") == "array" and "items" not in schema:
        return f"{context}, array schema missing items."
    if strict:
        problem = _check_strict(schema, path, counted)
        if problem:
            return f"{context}, {problem}"
    for keys, child in _children(schema):
        problem = _check(child, (*path, *keys), strict, counted)
        if problem:
            return problem
    return None


def _check_strict(schema: dict[str, Any], path: tuple[str, ...], counted: list[int]) -> str | None:
    for word in _NOT_STRICT:
        if word in schema:
            return f"'{word}' is not permitted."
    if not path and len(schema.get("properties") or {}) == 0 and schema.get("additionalProperties") is not False:
        return "'additionalProperties' is required to be supplied and to be false."
    if not any(word in schema for word in ("type", "anyOf", "$ref", "enum", "const")):
        return "schema must have a 'type' key."
    kinds = schema.get("type")
    if kinds == "object" or (isinstance(kinds, list) and "object" in kinds):
        if schema.get("additionalProperties") is not False:
            return "'additionalProperties' is required to be supplied and to be false."
        properties, required = schema.get("properties") or {}, schema.get("required") or []
        missing = [name for name in properties if name not in required]
        if missing:
            text = "'required' is required to be supplied and to be an array including every key in properties."
            return f"{text} Missing '{missing[0]}'."
        extra = [name for name in required if name not in properties]
        if extra:
            return f"'required' is required to be supplied. Extra required key '{extra[0]}' supplied."
        counted[0] += len(properties)
        if counted[0] > MAX_PROPERTIES:
            return f"schema exceeds the limit of {MAX_PROPERTIES} properties."
    if path.count("properties") > MAX_DEPTH:
        return f"schema exceeds the limit of {MAX_DEPTH} levels of nesting."
    return None


def _children(schema: dict[str, Any]) -> list[tuple[tuple[str, ...], Any]]:
    found: list[tuple[tuple[str, ...], Any]] = []
    for word in ("properties", "$defs", "definitions"):
        found += [((word, name), child) for name, child in (schema.get(word) or {}).items()]
    if "items" in schema:
        found.append((("items",), schema["items"]))
    found += [(("anyOf", str(index)), child) for index, child in enumerate(schema.get("anyOf") or ())]
    return found
