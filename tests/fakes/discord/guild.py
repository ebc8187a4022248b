"""A server (guild): roles, members, channels; what people and admins do there, and the events bots get of it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tests.fakes.discord import permissions
from tests.fakes.discord.channel import CATEGORY, TEXT, THREADS, Channel
from tests.fakes.discord.clock import iso
from tests.fakes.discord.interaction import Interaction
from tests.fakes.discord.model import App, Member, Message, Role, User
from tests.fakes.wire import Json

if TYPE_CHECKING:
    from tests.fakes.discord.world import World


class Guild:
    """One server. Its owner may do everything; bots hold a managed role of their own."""

    def __init__(self, world: "World", name: str, owner: User, locale: str = "en-US") -> None:
        self.world = world
        self.id = world.ids.guild()
        self.name = name
        self.owner = owner
        self.locale = locale
        self.created = world.clock.now() - 365 * 86_400
        self.roles: dict[int, Role] = {self.id: Role(self.id, "@everyone", permissions.EVERYONE, 0)}
        self.members: dict[int, Member] = {}
        # Channels and threads alike.
        self.channels: dict[int, Channel] = {}
        self.bans: dict[int, str | None] = {}
        self.apps: list[App] = []
        # What was done with which reason: the audit log.
        self.audit: list[Json] = []
        # An outage of Discord on this server: READY and GUILD_DELETE call it unavailable.
        self.available = True
        self.features: list[str] = []
        # Incident actions: until when invitations, and direct messages, are paused; Unix seconds, 0 for never.
        self.invites_paused_until = 0.0
        self.dms_paused_until = 0.0
        # Onboarding: [roles, channels] of each option that members choose for themselves; None: it is off.
        self.onboarding: list[tuple[list[Role], list[Channel]]] | None = None

    @property
    def everyone(self) -> Role:
        """The role that all have."""
        return self.roles[self.id]

    # -- building; nobody is told unless a bot is connected ------------------------------------------------

    def channel(self, name: str, *, kind: int = TEXT, topic: str = "", parent: Channel | None = None) -> Channel:
        """The text channel of that name, made when it is not there (CHANNEL_CREATE)."""
        for one in self.channels.values():
            if one.name == name and one.type not in THREADS and one.type == kind:
                return one
        made = Channel(self.world, self.world.ids.old(), kind, name, guild=self, topic=topic, parent=parent)
        made.position = len(self.channels)
        self.channels[made.id] = made
        self.world.channels[made.id] = made
        self.tell("CHANNEL_CREATE", made.json())
        return made

    def category(self, name: str) -> Channel:
        """A category, parent of channels."""
        return self.channel(name, kind=CATEGORY)

    def role(
        self, name: str, *, permissions_: Iterable[str] = (), mentionable: bool = False, position: int = 0
    ) -> Role:
        """The role of that name, made below the bots' when it is not there (GUILD_ROLE_CREATE)."""
        for one in self.roles.values():
            if one.name == name:
                return one
        bits = permissions.bits(permissions_)
        made = Role(self.world.ids.old(), name, bits, position or 1, mentionable=mentionable)
        self.roles[made.id] = made
        self.tell("GUILD_ROLE_CREATE", {"guild_id": str(self.id), "role": made.json()})
        return made

    def delete_role(self, role: Role) -> None:
        """A role goes, from everybody too (GUILD_ROLE_DELETE)."""
        del self.roles[role.id]
        for member in self.members.values():
            if role in member.roles:
                member.roles.remove(role)
        self.tell("GUILD_ROLE_DELETE", {"guild_id": str(self.id), "role_id": str(role.id)})

    def update_role(self, role: Role) -> None:
        """Tell that a role's fields were changed (GUILD_ROLE_UPDATE)."""
        self.tell("GUILD_ROLE_UPDATE", {"guild_id": str(self.id), "role": role.json()})

    def member(self, user: User) -> Member:
        """Someone's membership. Raises LookupError for one who is not here."""
        found = self.members.get(user.id)
        if found is None:
            raise LookupError(f"{user.username} is not on {self.name}")
        return found

    def join(self, user: User, *, roles: Iterable[Role] = ()) -> Member:
        """Someone joins (GUILD_MEMBER_ADD). Raises PermissionError for a banned one, and while invitations are paused.

        Bots come by their own way.
        """
        if user.id in self.bans:
            raise PermissionError(f"{user.username} is banned from {self.name}")
        if self.invites_paused_until > self.world.clock.now() and not user.bot:
            raise PermissionError(f"the invitations of {self.name} are paused")
        member = Member(user, self.world.clock.now(), list(roles))
        self.members[user.id] = member
        self.tell("GUILD_MEMBER_ADD", {**member.json(), "guild_id": str(self.id)})
        return member

    def leave(self, user: User) -> None:
        """Someone leaves (GUILD_MEMBER_REMOVE)."""
        del self.members[user.id]
        self.tell("GUILD_MEMBER_REMOVE", {"guild_id": str(self.id), "user": user.json()})

    def give(self, user: User, *roles: Role) -> None:
        """An admin gives roles (GUILD_MEMBER_UPDATE)."""
        member = self.member(user)
        member.roles += [role for role in roles if role not in member.roles]
        self.update_member(member)

    def take(self, user: User, *roles: Role) -> None:
        """An admin takes roles (GUILD_MEMBER_UPDATE)."""
        member = self.member(user)
        member.roles = [role for role in member.roles if role not in roles]
        self.update_member(member)

    def update_member(self, member: Member) -> None:
        """Tell that a member's fields were changed."""
        self.tell("GUILD_MEMBER_UPDATE", {**member.json(), "guild_id": str(self.id)})

    def add_app(self, app: App | None = None, *, permissions_: Iterable[str] | None = None) -> Role:
        """A bot is added by the invite link (GUILD_CREATE); its managed role, above all others.

        `permissions_` are names of its role's permissions; None is `permissions.BOT`.
        """
        app = app or self.world.app
        granted = permissions.BOT if permissions_ is None else permissions.bits(permissions_)
        top = max(role.position for role in self.roles.values()) + 50
        role = Role(self.world.ids.old(), app.name, granted, top, managed_by=app.id)
        self.roles[role.id] = role
        self.apps.append(app)
        self.members[app.id] = Member(app.user, self.world.clock.now(), [role])
        if self.available:
            for session in self.world.gateway.sessions_of(app, self.id):
                session.dispatch("GUILD_CREATE", self.json(session.intents, app, joined=True))
        return role

    def remove_app(self, app: App | None = None) -> None:
        """The bot is removed (GUILD_DELETE without `unavailable`)."""
        app = app or self.world.app
        self.apps.remove(app)
        gone = self.members.pop(app.id)
        for role in gone.roles:
            if role.managed_by == app.id:
                del self.roles[role.id]
        for session in self.world.gateway.sessions_of(app, self.id):
            session.dispatch("GUILD_DELETE", {"id": str(self.id)})
        self.world.happened()

    def bot_role(self, app: App | None = None) -> Role:
        """The managed role of a bot: change its `permissions` (bits), then `update_role`."""
        wanted = (app or self.world.app).id
        return next(role for role in self.roles.values() if role.managed_by == wanted)

    def bot_may(self, *names: str, app: App | None = None) -> None:
        """The bot's role has exactly these permissions from now on."""
        role = self.bot_role(app)
        role.permissions = permissions.bits(names)
        self.update_role(role)

    def outage(self) -> None:
        """The server becomes unavailable (GUILD_DELETE with `unavailable`)."""
        self.available = False
        self.tell("GUILD_DELETE", {"id": str(self.id), "unavailable": True})

    def recover(self) -> None:
        """It is back (GUILD_CREATE)."""
        self.available = True
        for app in self.apps:
            for session in self.world.gateway.sessions_of(app, self.id):
                session.dispatch("GUILD_CREATE", self.json(session.intents, app))

    def context_user(self, user: User, name: str, target: User, channel: Channel | None = None) -> Interaction:
        """`user` picks a command from the menu of a person; in the first channel, unless named."""
        return (channel or next(iter(self.channels.values()))).context_user(user, name, target)

    # -- rights --------------------------------------------------------------------------------------------

    def rights(self, user: User) -> int:
        """Someone's permissions on the server, without any channel's overwrites."""
        if user is self.owner:
            return permissions.ALL
        member = self.members.get(user.id)
        if member is None:
            return 0
        value = self.everyone.permissions
        for role in member.roles:
            value |= role.permissions
        if value & permissions.BITS["administrator"]:
            return permissions.ALL
        if member.timeout_until > self.world.clock.now():
            value &= permissions.bits(("view_channel", "read_message_history"))
        return value

    def rank(self, user: User) -> int:
        """How high someone stands by their highest role; the owner stands above all, of two at one height the older."""
        if user is self.owner:
            return 1 << 120
        member = self.members.get(user.id)
        return max((role.height for role in member.roles), default=0) if member else 0

    def incidents(self) -> Json | None:
        """The API's IncidentsData."""
        times = {"invites": self.invites_paused_until, "dms": self.dms_paused_until}
        if not any(times.values()):
            return None
        return {f"{what}_disabled_until": iso(at) if at else None for what, at in times.items()}

    # -- telling -------------------------------------------------------------------------------------------

    def tell(self, kind: str, body: Json) -> None:
        """An event for every bot on this server that takes its kind."""
        for app in self.apps:
            self.world.gateway.tell(app, self.id, kind, body)
        self.world.happened()

    def note(self, action: str, by: User, target: User | None, reason: str | None) -> None:
        """An entry of the audit log."""
        self.audit.append({"action": action, "by": by.id, "target": target.id if target else None, "reason": reason})

    # -- JSON ----------------------------------------------------------------------------------------------

    def json(self, intents: int | None = None, app: App | None = None, *, joined: bool = False) -> Json:
        """The API's Guild; with `intents` what GUILD_CREATE carries for that bot.

        A server that the bot has just `joined` says nothing of being available, one that it knew before does.
        Without the presence intent the list of members names only the bot; clients ask for the others (op 8).
        """
        data: Json = {
            "id": str(self.id),
            "name": self.name,
            "icon": None,
            "splash": None,
            "discovery_splash": None,
            "banner": None,
            "description": None,
            "home_header": None,
            "hub_type": None,
            "incidents_data": self.incidents(),
            "owner_id": str(self.owner.id),
            "application_id": None,
            "region": "deprecated",
            "afk_channel_id": None,
            "afk_timeout": 300,
            "system_channel_id": None,
            "system_channel_flags": 0,
            "rules_channel_id": None,
            "public_updates_channel_id": None,
            "safety_alerts_channel_id": None,
            "widget_enabled": False,
            "widget_channel_id": None,
            "verification_level": 1,
            "default_message_notifications": 1,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw": False,
            "nsfw_level": 0,
            "premium_tier": 0,
            "premium_subscription_count": 0,
            "premium_progress_bar_enabled": False,
            "preferred_locale": self.locale,
            "vanity_url_code": None,
            "max_presences": None,
            "max_members": 500_000,
            "max_video_channel_users": 25,
            "max_stage_video_channel_users": 50,
            "features": self.features,
            "roles": [role.json() for role in self.roles.values()],
            "emojis": [],
            "stickers": [],
        }
        if intents is None or app is None:
            return data
        alone = not intents & 1 << 8
        seen = [m for m in self.members.values() if not alone or m.user is app.user]
        here = [one for one in self.channels.values() if not one.archived]
        known = {} if joined else {"unavailable": False}
        return (
            data
            | known
            | {
                "joined_at": iso(self.members[app.id].joined),
                "large": len(self.members) > 250,
                "member_count": len(self.members),
                "members": [member.json() for member in seen],
                "channels": [one.json() for one in here if one.type not in THREADS],
                "threads": [one.json() for one in here if one.type in THREADS and one.seen_by(app.user)],
                "presences": [],
                "voice_states": [],
                "stage_instances": [],
                "guild_scheduled_events": [],
                "soundboard_sounds": [],
            }
        )

    def message(self, message_id: int) -> Message | None:
        """A message of any channel here."""
        for channel in self.channels.values():
            if message_id in channel.all:
                return channel.all[message_id]
        return None
