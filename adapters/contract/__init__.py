"""The contract between the platforms and the bot: events in, replies out, and what can go wrong on the way.

Everything here is plain data plus one Protocol, so that an adapter can be read, written and tested without
knowing anything of the Nexus. Every adapter passes the scenario suite in tests/contract.
"""

from adapters.contract.adapter import Adapter, Capabilities, Health, Heard, Sink
from adapters.contract.errors import (
    DeliveryError,
    Gone,
    NotPermitted,
    TooManyRequests,
    Transient,
    Unauthorized,
    Unreachable,
)
from adapters.contract.event import (
    Account,
    Attachment,
    ButtonPress,
    Command,
    Event,
    EventKind,
    Place,
    PlaceKind,
)
from adapters.contract.installation import Installation, Installations
from adapters.contract.menu import Least, MenuEntry, MenuOption, OptionKind, Shortcut, Suggestion, Target
from adapters.contract.powers import Act, Did, Power, Written
from adapters.contract.reply import Address, Button, ButtonStyle, Card, File, Reply, Sent

__all__ = [
    "Account",
    "Act",
    "Adapter",
    "Address",
    "Attachment",
    "Button",
    "ButtonPress",
    "ButtonStyle",
    "Capabilities",
    "Card",
    "Command",
    "DeliveryError",
    "Did",
    "Event",
    "EventKind",
    "File",
    "Gone",
    "Health",
    "Heard",
    "Installation",
    "Installations",
    "Least",
    "MenuEntry",
    "MenuOption",
    "NotPermitted",
    "OptionKind",
    "Place",
    "PlaceKind",
    "Power",
    "Reply",
    "Sent",
    "Shortcut",
    "Sink",
    "Suggestion",
    "Target",
    "TooManyRequests",
    "Transient",
    "Unauthorized",
    "Unreachable",
    "Written",
]
