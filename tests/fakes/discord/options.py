"""Values that people give to options and menus: checked as Discord's client does, and resolved."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tests.fakes.discord.model import Member, Role, User
from tests.fakes.discord.place import Place
from tests.fakes.wire import Json

if TYPE_CHECKING:
    from tests.fakes.discord.channel import Channel

_STRING, _INTEGER, _BOOLEAN, USER, _CHANNEL, _ROLE, _MENTIONABLE, _NUMBER, _FILE = range(3, 12)


def split(path: Sequence[str | Mapping[str, Any]]) -> tuple[list[str], Mapping[str, Any]]:
    """The names of a command and its sub-commands, and the values of its options."""
    names = [one for one in path if isinstance(one, str)]
    given: Mapping[str, Any] = next((one for one in path if not isinstance(one, str)), {})
    return names, given


def leaf(options: list[Json], names: list[str]) -> tuple[list[tuple[int, str]], list[Json]]:
    """The sub-command groups and sub-commands on the way, and the options at its end."""
    way: list[tuple[int, str]] = []
    for name in names[1:]:
        found = next((one for one in options if one["name"] == name and one["type"] in (1, 2)), None)
        if found is None:
            raise LookupError(f"no sub-command {name!r} in {' '.join(names)}")
        way.append((found["type"], name))
        options = found.get("options") or []
    if any(one["type"] in (1, 2) for one in options):
        raise LookupError(f"{' '.join(names)} needs one of {[one['name'] for one in options]}")
    return way, options


def nested(way: list[tuple[int, str]], values: list[Json]) -> list[Json]:
    """The values inside their sub-command and its group."""
    for kind, name in reversed(way):
        values = [{"type": kind, "name": name, "options": values}]
    return values


def command_data(command: Json, options: list[Json], resolved: Json) -> Json:
    """The data of a command's interaction."""
    data: Json = {"id": command["id"], "name": command["name"], "type": command["type"]}
    if command.get("guild_id"):
        data["guild_id"] = command["guild_id"]
    if options:
        data["options"] = options
    if resolved:
        data["resolved"] = resolved
    return data


def options(channel: "Channel", wanted: list[Json], given: Mapping[str, Any], resolved: Json) -> list[Json]:
    """The values of options as an interaction carries them, checked; objects go to `resolved`."""
    unknown = set(given) - {one["name"] for one in wanted}
    if unknown:
        raise LookupError(f"no options {sorted(unknown)} among {[one['name'] for one in wanted]}")
    made = []
    for option in wanted:
        name = option["name"]
        if given.get(name) is None:
            if option.get("required"):
                raise ValueError(f"option {name!r} must be filled in")
            continue
        made.append({"name": name, "type": option["type"], "value": _value(channel, option, given[name], resolved)})
    return made


def _value(channel: "Channel", option: Json, value: Any, resolved: Json) -> Any:
    name, kind = option["name"], option["type"]
    if option.get("choices"):
        for one in option["choices"]:
            if value in (one["value"], one["name"]):
                return one["value"]
        raise ValueError(f"option {name!r} takes one of {[one['name'] for one in option['choices']]}")
    if kind in (USER, _CHANNEL, _ROLE, _MENTIONABLE, _FILE):
        return resolve(channel, kind, value, resolved)
    right: tuple[type, ...] = {_STRING: (str,), _INTEGER: (int,), _BOOLEAN: (bool,), _NUMBER: (int, float)}[kind]
    if not isinstance(value, right) or (kind != _BOOLEAN and isinstance(value, bool)):
        raise ValueError(f"option {name!r} of type {kind} does not take {value!r}")
    if isinstance(value, str) and not (option.get("min_length") or 0) <= len(value) <= (
        option.get("max_length") or 6000
    ):
        raise ValueError(f"option {name!r} does not take {len(value)} characters")
    if kind in (_INTEGER, _NUMBER):
        least, most = option.get("min_value"), option.get("max_value")
        if (least is not None and value < least) or (most is not None and value > most):
            raise ValueError(f"option {name!r} takes {least} to {most}")
    return value


def resolve(channel: "Channel", kind: int, value: Any, resolved: Json) -> str:
    """The id of a person, role, channel or file, which goes to `resolved`. Raises ValueError for another kind."""
    if isinstance(value, Member):
        value = value.user
    if kind in (USER, _MENTIONABLE) and isinstance(value, User):
        resolved.setdefault("users", {})[str(value.id)] = value.json()
        if channel.guild is not None and value.id in channel.guild.members:
            member = channel.guild.member(value).json(with_user=False)
            member["permissions"] = str(channel.rights(value))
            resolved.setdefault("members", {})[str(value.id)] = member
    elif kind in (_ROLE, _MENTIONABLE) and isinstance(value, Role):
        resolved.setdefault("roles", {})[str(value.id)] = value.json()
    elif kind == _CHANNEL and isinstance(value, Place):
        whole = value.json()
        resolved.setdefault("channels", {})[str(value.id)] = whole | {
            "permissions": str(value.rights(channel.world.app.user))
        }
    elif kind == _FILE and isinstance(value, tuple):
        stored = channel.store(*value)
        resolved.setdefault("attachments", {})[str(stored.id)] = stored.json() | {"ephemeral": True}
        return str(stored.id)
    else:
        raise ValueError(f"an option of type {kind} does not take {value!r}")
    return str(value.id)


def chosen(channel: "Channel", menu: Json, given: Sequence[Any], resolved: Json) -> list[str]:
    """The values of a choice in a select menu, checked; people, roles and channels go to `resolved`."""
    least, most = menu.get("min_values", 1), menu.get("max_values", 1)
    if not (1 if least is None else least) <= len(given) <= (1 if most is None else most):
        raise ValueError(f"the menu takes {least} to {most} choices, not {len(given)}")
    if menu["type"] == 3:
        found = []
        for one in given:
            fits = [o["value"] for o in menu["options"] if one in (o["label"], o["value"])]
            if not fits:
                raise LookupError(f"no choice {one!r} among {[o['label'] for o in menu['options']]}")
            found.append(fits[0])
        return found
    kinds = {5: USER, 6: _ROLE, 7: _MENTIONABLE, 8: _CHANNEL}
    return [resolve(channel, kinds[menu["type"]], one, resolved) for one in given]
