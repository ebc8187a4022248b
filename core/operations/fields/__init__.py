"""Types of arguments. Each reads what people really type, says what was wrong with it, and describes itself to a model.

`read` is pure and needs no store; `resolve` turns a reading into the thing itself, within what the caller may know
of; `freeze` gives back a JSON value that `read` accepts again and that means exactly this thing (for buttons);
`show` is how people see it. References to people, Nexuses and records live with their subjects.
"""

from core.ledger.units import Money
from core.operations.fields.amount import Amount
from core.operations.fields.base import Choice, Code, Field, Reference, Text, Whole, YesNo
from core.operations.fields.moment import Moment, read_moment, show_moment
from core.operations.fields.time import Date, Duration, read_duration, say_duration, show_duration
from core.operations.fields.until import Until, read_until, show_until

__all__ = [
    "Amount",
    "Choice",
    "Code",
    "Date",
    "Duration",
    "Field",
    "Moment",
    "Money",
    "Reference",
    "Text",
    "Until",
    "Whole",
    "YesNo",
    "read_duration",
    "read_moment",
    "read_until",
    "say_duration",
    "show_duration",
    "show_moment",
    "show_until",
]
