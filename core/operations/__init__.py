"""How anything is done in the Nexus: operations, declared once and run in one place.

- `declare.operation` turns a function with a typed signature and a docstring into an `Operation`; schemas, commands,
  help and the reference are all made from it.
- `fields` are the types of arguments: they read what people really type and say what was wrong with it.
- `context.Context` says who acts, where, and who will hear the answer. Code makes it; a model never does.
- `run.run` is the only way to execute one: it reads the arguments, checks the right, asks for confirmation where the
  operation wants it, and writes the audit row with the change.
"""

from core.operations.context import Actor, Answered, Audience, AudienceKind, Context, Named, Origin, Where
from core.operations.declare import Confirm, Operation, Parameter, Shortcut, Who, operation
from core.operations.registry import Registry

__all__ = [
    "Actor",
    "Answered",
    "Audience",
    "AudienceKind",
    "Confirm",
    "Context",
    "Named",
    "Operation",
    "Origin",
    "Parameter",
    "Registry",
    "Shortcut",
    "Where",
    "Who",
    "operation",
]
