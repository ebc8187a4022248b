"""A workspace: its people, conversations, groups of people, and the app installed in it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from tests.fakes.slack.channel import Channel
from tests.fakes.slack.delivery import Delivery, Kind
from tests.fakes.slack.files import Files
from tests.fakes.slack.interactions import Interactions
from tests.fakes.slack.model import Message, User
from tests.fakes.slack.views import Views
from tests.fakes.wire import Json

if TYPE_CHECKING:
    from tests.fakes.slack.world import World

TokenState = Literal["active", "revoked", "inactive", "none"]


class Usergroup:
    """A user group (@handle)."""

    def __init__(self, team: "Team", id: str, handle: str, users: list[User]) -> None:
        self.team = team
        self.id = id
        self.handle = handle
        self.users = users

    def json(self) -> Json:
        """The API's usergroup."""
        return {
            "id": self.id,
            "team_id": self.team.id,
            "is_usergroup": True,
            "name": self.handle.title(),
            "handle": self.handle,
            "description": "",
            "is_external": False,
            "date_create": 1700000000,
            "date_delete": 0,
            "auto_type": None,
            "users": [one.id for one in self.users],
            "user_count": len(self.users),
        }


class Team(Interactions):
    """A workspace. `bot_token_state` is "none" before the app was installed, "inactive" after it was removed.

    `streaming` and `assistant` say whether the workspace has these features. `removal` is its setting who removes
    people from public ("channel") and private ("group") channels: everyone but guests, which apps count as, or admins.
    A new workspace on the real Slack has "admins" for public channels.
    """

    def __init__(self, slack: "World", id: str, name: str, scopes: Iterable[str]) -> None:
        self.slack = slack
        self.id = id
        self.name = name
        self.domain = name.lower().replace(" ", "-")
        self.scopes = set(scopes)
        self.streaming = True
        self.assistant = True
        self.removal: dict[str, Literal["everyone", "admins"]] = {"channel": "everyone", "group": "everyone"}
        self.users: dict[str, User] = {}
        self.rooms: dict[str, Channel] = {}
        self.usergroups: dict[str, Usergroup] = {}
        self.files = Files(self)
        self.views = Views(self)
        bot_id = slack.ids.new("B")
        self.bot = User(
            self, slack.ids.new("U"), slack.bot_name.lower(), slack.bot_name, bot_id=bot_id, app_id=slack.app_id
        )
        self.users[self.bot.id] = self.bot
        self.bot_token = ""
        self.bot_token_state: TokenState = "none"

    @property
    def url(self) -> str:
        """Its address."""
        return f"https://{self.domain}.slack.com/"

    def json(self) -> Json:
        """The API's team."""
        return {
            "id": self.id,
            "name": self.name,
            "url": self.url,
            "domain": self.domain,
            "email_domain": "",
            "icon": {"image_default": True},
        }

    # -- who and what there is -----------------------------------------------------------------------------

    def user(
        self,
        name: str,
        *,
        admin: bool = False,
        guest: bool = False,
        owner: bool = False,
        primary_owner: bool = False,
        email: str = "",
        locale: str = "en-US",
        tz: str = "Europe/London",
        announced: bool = False,
    ) -> User:
        """A new person; `announced`: the app hears team_join."""
        word = name.lower().replace(" ", ".")
        user = User(self, self.slack.ids.new("U"), word, name, email or f"{word}@example.org", admin, guest)
        user.owner, user.primary_owner = owner, primary_owner
        user.locale, user.tz = locale, tz
        self.users[user.id] = user
        if announced:
            self.emit({"type": "team_join", "user": user.json(), "event_ts": self.slack.clock.ts()})
        return user

    def other_bot(self, name: str) -> User:
        """The account of another app's bot."""
        user = User(self, self.slack.ids.new("U"), name.lower(), name)
        user.bot_id, user.app_id = self.slack.ids.new("B"), self.slack.ids.new("A")
        self.users[user.id] = user
        return user

    def change_user(
        self, user: User, *, name: str = "", admin: bool | None = None, deleted: bool = False
    ) -> Delivery | None:
        """Another name, another rank, or a deactivated account: user_change."""
        user.real_name = name or user.real_name
        user.admin = user.admin if admin is None else admin
        user.deleted = deleted
        ts = self.slack.clock.ts()
        event = {"type": "user_change", "user": user.json(), "cache_ts": int(float(ts)), "event_ts": ts}
        return self.emit(event)

    def channel(self, name: str, members: Iterable[User] = (), *, private: bool = False, bot: bool = True) -> Channel:
        """A new channel with these people, and with `bot` the app in it."""
        people = [*members, *([self.bot] if bot else [])]
        kind: Literal["channel", "group"] = "group" if private else "channel"
        return self._room(Channel(self, self.slack.ids.new("C"), kind, name, people))

    def im(self, user: User) -> Channel:
        """The direct message between a person and the app."""
        found = next((one for one in self.rooms.values() if one.kind == "im" and user.id in one.members), None)
        return found or self._room(Channel(self, self.slack.ids.new("D"), "im", "", [user, self.bot]))

    def mpim(self, members: Iterable[User]) -> Channel:
        """A group direct message with the app."""
        people = [*members, self.bot]
        name = "mpdm-" + "--".join(one.name for one in people) + "-1"
        return self._room(Channel(self, self.slack.ids.new("G"), "mpim", name, people))

    def _room(self, room: Channel) -> Channel:
        self.rooms[room.id] = room
        return room

    def usergroup(self, handle: str, users: Iterable[User] = ()) -> Usergroup:
        """A new user group; the app hears subteam_created."""
        group = Usergroup(self, self.slack.ids.new("S"), handle, list(users))
        self.usergroups[group.id] = group
        self.emit({"type": "subteam_created", "subteam": group.json(), "event_ts": self.slack.clock.ts()})
        return group

    def change_usergroup(self, group: Usergroup, users: Iterable[User]) -> Delivery | None:
        """Other members: subteam_members_changed."""
        before, group.users = group.users, list(users)
        added = [one.id for one in group.users if one not in before]
        removed = [one.id for one in before if one not in group.users]
        return self.emit(
            {
                "type": "subteam_members_changed",
                "subteam_id": group.id,
                "team_id": self.id,
                "date_previous_update": 0,
                "date_update": int(self.slack.clock.time()),
                "added_users": added,
                "added_users_count": len(added),
                "removed_users": removed,
                "removed_users_count": len(removed),
                "event_ts": self.slack.clock.ts(),
            }
        )

    # -- the app here --------------------------------------------------------------------------------------

    def installed(self, token: str = "") -> str:
        """Install the app; its bot token, the same as long as it is not removed. `token` "" makes a new one."""
        if self.bot_token_state != "active":
            self.bot_token = token or f"xoxb-{self.slack.ids.number()}-{self.slack.ids.secret()}"
            self.slack.tokens[self.bot_token] = self
            self.bot_token_state = "active"
        return self.bot_token

    def uninstall(self) -> list[Delivery]:
        """Somebody removes the app: app_uninstalled and tokens_revoked; the token is dead (account_inactive)."""
        self.bot_token_state = "inactive"
        tokens = {"oauth": [], "bot": [self.bot.id]}
        ts = self.slack.clock.ts()
        events: list[Json] = [
            {"type": "tokens_revoked", "tokens": tokens, "event_ts": ts},
            {"type": "app_uninstalled", "event_ts": ts},
        ]
        return [made for event in events if (made := self.emit(event, always=True)) is not None]

    def revoke(self) -> Delivery | None:
        """The token alone is revoked (token_revoked)."""
        self.bot_token_state = "revoked"
        tokens = {"oauth": [], "bot": [self.bot.id]}
        event = {"type": "tokens_revoked", "tokens": tokens, "event_ts": self.slack.clock.ts()}
        return self.emit(event, always=True)

    def open_home(self, user: User, tab: str = "home") -> Delivery | None:
        """`user` opens the app's home, or with tab "messages" its direct message."""
        event: Json = {"type": "app_home_opened", "user": user.id, "channel": self.im(user).id, "tab": tab}
        event["event_ts"] = self.slack.clock.ts()
        if tab == "home" and (home := self.views.homes.get(user.id)) is not None:
            event["view"] = home.json()
        return self.emit(event)

    def assistant_thread(self, user: User, viewing: Channel | None = None) -> Message:
        """`user` opens a new thread with the assistant, perhaps while looking at a channel; its root message.

        People then write with `team.im(user).say(user, …, thread_ts=root)`.
        """
        room = self.im(user)
        root = room.add(self.bot, "New Assistant Thread", subtype="assistant_app_thread", silent=True)
        root.thread_ts = root.ts
        room.assistant_threads[root.ts] = {
            "action_token": f"{self.slack.ids.number()}.{self.slack.ids.secret()}",
            "status": "",
            "statuses": [],
            "title": "",
            "prompts": [],
        }
        if (made := self._assistant_event("assistant_thread_started", user, root, viewing)) is not None:
            root.deliveries.append(made)
        return root

    def change_context(self, user: User, root: Message, viewing: Channel) -> Delivery | None:
        """`user` looks at another channel while the thread is open."""
        return self._assistant_event("assistant_thread_context_changed", user, root, viewing)

    def _assistant_event(self, kind: str, user: User, root: Message, viewing: Channel | None) -> Delivery | None:
        context: Json = {}
        if viewing is not None:
            context = {"channel_id": viewing.id, "team_id": self.id, "enterprise_id": None}
        thread = {
            "user_id": user.id,
            "context": context,
            "channel_id": root.channel.id,
            "thread_ts": root.ts,
        }
        return self.emit({"type": kind, "assistant_thread": thread, "event_ts": self.slack.clock.ts()})

    # -- telling the app -----------------------------------------------------------------------------------

    def emit(self, event: Json, *, always: bool = False) -> Delivery | None:
        """Send an event of any shape, if the app is installed here and subscribed to it (`always`: in any case)."""
        if not always and (self.bot_token_state != "active" or not self.slack.wants(event)):
            return None
        payload: Json = {
            "token": self.slack.verification_token,
            "team_id": self.id,
            "context_team_id": self.id,
            "context_enterprise_id": None,
            "api_app_id": self.slack.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": self.slack.ids.new("Ev"),
            "event_time": int(self.slack.clock.time()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": self.id,
                    "user_id": self.bot.id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": f"4-{self.slack.ids.secret()}",
        }
        return self.slack.dispatch.put(self.delivery("events_api", payload))

    def delivery(self, kind: Kind, payload: Json) -> Delivery:
        """A delivery not yet sent."""
        return Delivery(kind, payload, self, self.slack.tick())
