"""The control port's operations on the fake Slack: `slack_…`. Workspaces, people and channels go by their ids."""

import base64
from collections.abc import Callable
from typing import Any

from tests.fakes.slack import faults
from tests.fakes.slack.channel import Channel
from tests.fakes.slack.delivery import Delivery
from tests.fakes.slack.faults import Fault
from tests.fakes.slack.model import Message, User
from tests.fakes.slack.server import FakeSlack
from tests.fakes.slack.talk import SlackTalk
from tests.fakes.slack.team import Team
from tests.fakes.slack.views import View
from tests.fakes.wire import Json

FAULTS: dict[str, Callable[..., Fault]] = {
    "rate_limited": faults.rate_limited,
    "refused": faults.refused,
    "server_error": faults.server_error,
    "drop": faults.drop,
    "slow": faults.slow,
    "malformed": faults.malformed,
    "hold": faults.hold,
}


class SlackOperations:
    """What `Control` offers for Slack. `slack` may be None where none is served."""

    slack: FakeSlack | None

    # -- the world -----------------------------------------------------------------------------------------

    def op_slack_team(self, name: str, installed: bool = True) -> Json:
        """A new workspace: {"team": id, "bot_token": …}."""
        team = self._slack.team(name, installed=installed)
        return {"team": team.id, "bot_token": team.bot_token, "bot_user": team.bot.id}

    def op_slack_user(
        self, team: str, name: str, admin: bool = False, owner: bool = False, locale: str = "en-US"
    ) -> Json:
        """A new person: {"user": id, "im": id of their direct message with the app}."""
        user = self._slack_team(team).user(name, admin=admin, owner=owner, locale=locale)
        return {"user": user.id, "im": user.team.im(user).id}

    def op_slack_channel(
        self, team: str, name: str, members: list[str], private: bool = False, bot: bool = True
    ) -> Json:
        """A new channel: {"channel": id}."""
        people = [self._slack_user(one) for one in members]
        return {"channel": self._slack_team(team).channel(name, people, private=private, bot=bot).id}

    def op_slack_join(self, channel: str, user: str) -> Json:
        """Someone joins."""
        return self._slack_told(self._slack_channel(channel).join(self._slack_user(user)))

    def op_slack_leave(self, channel: str, user: str) -> Json:
        """Someone leaves."""
        return self._slack_told(self._slack_channel(channel).leave(self._slack_user(user)))

    def op_slack_allow(self, team: str, user: str, url: str) -> Json:
        """Someone agrees to install the app: {"redirect": URL with the code}."""
        return {
            "redirect": self._slack.installs.allow(self._slack, self._slack_team(team), self._slack_user(user), url)
        }

    def op_slack_uninstall(self, team: str) -> Json:
        """Someone removes the app."""
        self._slack_team(team).uninstall()
        return {}

    # -- what people do ------------------------------------------------------------------------------------

    def op_slack_say(self, channel: str, user: str, text: str, thread_ts: str = "") -> Json:
        """A message: {"ts": …, "made": …, "event_ids": […]}; `made` is the `after` of a wait."""
        message = self._slack_channel(channel).say(self._slack_user(user), text, thread_ts=thread_ts)
        return {"ts": message.ts, "made": message.made, "event_ids": [one.event_id for one in message.deliveries]}

    def op_slack_edit(self, channel: str, user: str, ts: str, text: str) -> Json:
        """An edit of one's own message."""
        return self._slack_told(
            self._slack_channel(channel).edit(self._slack_user(user), self._slack_message(channel, ts), text)
        )

    def op_slack_delete(self, channel: str, user: str, ts: str) -> Json:
        """Someone deletes their message."""
        return self._slack_told(
            self._slack_channel(channel).delete(self._slack_user(user), self._slack_message(channel, ts))
        )

    def op_slack_share_file(self, channel: str, user: str, name: str, content: str, text: str = "") -> Json:
        """A file; `content` in base64."""
        message = self._slack_channel(channel).share_file(self._slack_user(user), name, base64.b64decode(content), text)
        return {"ts": message.ts, "made": message.made}

    async def op_slack_press(self, channel: str, user: str, ts: str, button: str, timeout: float = 10.0) -> Json:  # noqa: ASYNC109
        """A press on a button, once acknowledged."""
        delivery = self._slack_channel(channel).press(self._slack_user(user), self._slack_message(channel, ts), button)
        return await self._slack_acked(delivery, timeout)

    async def op_slack_slash(
        self,
        channel: str,
        user: str,
        command: str,
        text: str = "",
        timeout: float = 10.0,  # noqa: ASYNC109
    ) -> Json:
        """A slash command, once acknowledged."""
        person = self._slack_user(user)
        return await self._slack_acked(person.team.slash(person, self._slack_channel(channel), command, text), timeout)

    async def op_slack_shortcut(
        self,
        channel: str,
        user: str,
        ts: str,
        callback_id: str,
        timeout: float = 10.0,  # noqa: ASYNC109
    ) -> Json:
        """A shortcut from the menu of a message, once acknowledged."""
        person = self._slack_user(user)
        delivery = person.team.shortcut(person, self._slack_message(channel, ts), callback_id)
        return await self._slack_acked(delivery, timeout)

    def op_slack_open_home(self, user: str) -> Json:
        """Someone opens the App Home."""
        person = self._slack_user(user)
        return self._slack_told(person.team.open_home(person))

    async def op_slack_submit(self, user: str, view: str, values: Json, timeout: float = 10.0) -> Json:  # noqa: ASYNC109
        """Fill and send a modal: {"ack": payload or null}."""
        person = self._slack_user(user)
        return {"ack": await person.team.submit_view(person, person.team.views.by_id[view], values, timeout)}

    async def op_slack_talk(self, teams: list[str] | None = None, **plan: Any) -> Json:
        """Many conversations at once, see `SlackTalk`."""
        chosen = [self._slack_team(one) for one in teams] if teams else list(self._slack.teams.values())
        return await SlackTalk(chosen, **plan).run()

    # -- what people see -----------------------------------------------------------------------------------

    def op_slack_messages(self, channel: str, user: str | None = None, last: int = 100) -> list[Json]:
        """The newest messages, oldest first, as everybody or as one person sees them; see `Message.view`."""
        room = self._slack_channel(channel)
        seen = room.messages if user is None else room.visible_to(self._slack_user(user))
        return [one.view() for one in seen[-last:]]

    async def op_slack_wait(
        self,
        channel: str,
        after: int | None = None,
        contains: str | None = None,
        user: str | None = None,
        timeout: float = 10.0,  # noqa: ASYNC109
    ) -> Json:
        """The app's reply, see `Channel.wait_for_reply`."""
        person = self._slack_user(user) if user else None
        room = self._slack_channel(channel)
        return (await room.wait_for_reply(after=after, contains=contains, user=person, timeout=timeout)).view()

    def op_slack_views(self, user: str) -> list[Json]:
        """The modals someone has open."""
        person = self._slack_user(user)
        return [_shown(view) for view in person.team.views_of(person)]

    async def op_slack_wait_view(self, user: str, timeout: float = 10.0) -> Json:  # noqa: ASYNC109
        """The topmost modal someone has open, once there is one."""
        person = self._slack_user(user)
        await self._slack.wait_for(lambda: bool(person.team.views_of(person)), timeout)
        return _shown(person.team.views_of(person)[-1])

    async def op_slack_wait_home(self, user: str, updates: int = 0, timeout: float = 10.0) -> Json:  # noqa: ASYNC109
        """The App Home of someone, once it was published and changed so often."""
        person = self._slack_user(user)
        homes = person.team.views.homes
        await self._slack.wait_for(lambda: user in homes and homes[user].updates >= updates, timeout)
        return _shown(homes[user])

    # -- the line, faults, records -------------------------------------------------------------------------

    def op_slack_redeliver(self, event_id: str) -> Json:
        """An event once more."""
        found = [one for one in self._slack.dispatch.log if one.event_id == event_id]
        self._slack.redeliver(found[0])
        return {}

    def op_slack_disconnect(self, reason: str = "refresh_requested") -> Json:
        """Ask all connections to reconnect."""
        self._slack.disconnect(reason)
        return {}

    def op_slack_abort(self) -> Json:
        """Reset all websockets."""
        self._slack.abort_connections()
        return {}

    def op_slack_use_http(self, url: str) -> Json:
        """Signed HTTP instead of Socket Mode from now on."""
        self._slack.use_http(url)
        return {}

    async def op_slack_wait_connected(self, count: int = 1, timeout: float = 10.0) -> Json:  # noqa: ASYNC109
        """Until so many connections are open."""
        await self._slack.wait_connected(count, timeout)
        return {}

    async def op_slack_wait_until_acknowledged(self, timeout: float = 10.0) -> Json:  # noqa: ASYNC109
        """Until nothing sent to the app is open."""
        await self._slack.wait_until_acknowledged(timeout)
        return {}

    def op_slack_fault(
        self, method: str, kind: str, times: int = 1, skip: int = 0, where: Json | None = None, **options: Any
    ) -> Json:
        """Plan a fault of FAULTS with its options: {"fault": number}, for `reached` and `release` of a hold."""
        return {
            "fault": self._hold(self._slack.fail(method, FAULTS[kind](**options), times=times, skip=skip, where=where))
        }

    def op_slack_requests(self, method: str | None = None, since: int = 0, limit: int = 1000) -> list[Json]:
        """Recorded requests, oldest first."""
        kept = [one for one in self._slack.requests if method is None or one.method == method]
        return [one.json() for one in kept[since : since + limit]]

    def op_slack_counts(self) -> Json:
        """Requests per method, open deliveries, connections."""
        return {
            "requests": dict(self._slack.counts),
            "open": len(self._slack.dispatch.open),
            "connections": len(self._slack.connections),
        }

    def op_slack_reset(self) -> Json:
        """Forget records and faults."""
        self._slack.faults.clear()
        self._slack.requests.clear()
        self._slack.counts.clear()
        return {}

    # -- inside --------------------------------------------------------------------------------------------

    def _hold(self, held: Any) -> int:
        raise NotImplementedError

    @property
    def _slack(self) -> FakeSlack:
        if self.slack is None:
            raise LookupError("no Slack is served here")
        return self.slack

    def _slack_team(self, team_id: str) -> Team:
        return self._slack.teams[team_id]

    def _slack_user(self, user_id: str) -> User:
        team = next((one for one in self._slack.teams.values() if user_id in one.users), None)
        if team is None:
            raise LookupError(f"no user {user_id}")
        return team.users[user_id]

    def _slack_channel(self, channel_id: str) -> Channel:
        team = next((one for one in self._slack.teams.values() if channel_id in one.rooms), None)
        if team is None:
            raise LookupError(f"no channel {channel_id}")
        return team.rooms[channel_id]

    def _slack_message(self, channel_id: str, ts: str) -> Message:
        found = self._slack_channel(channel_id).find(ts)
        if found is None:
            raise LookupError(f"no message {ts}")
        return found

    def _slack_told(self, delivery: Delivery | None) -> Json:
        return {"event_id": delivery.event_id if delivery else "", "made": delivery.made if delivery else 0}

    async def _slack_acked(self, delivery: Delivery, timeout: float) -> Json:  # noqa: ASYNC109
        payload = await delivery.acked(timeout)
        return {"ack": payload, "ack_seconds": delivery.ack_seconds, "made": delivery.made}


def _shown(view: View) -> Json:
    return {
        "view": view.id,
        "title": view.title,
        "callback_id": view.callback_id,
        "labels": view.labels,
        "updates": view.updates,
        "blocks": view.blocks,
    }
