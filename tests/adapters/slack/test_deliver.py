"""Replies out, against the fake Slack with the real library."""

import re
from pathlib import Path
from typing import Any

import pytest

from adapters.contract import (
    Address,
    Attachment,
    Button,
    Card,
    DeliveryError,
    File,
    Gone,
    NotPermitted,
    Reply,
    Sent,
    TooManyRequests,
    Transient,
    Unauthorized,
)
from adapters.slack import uploads
from adapters.slack.adapter import SlackAdapter
from tests.adapters.slack.conftest import answer_to, to
from tests.adapters.slack.samples import LONG, NOTES, PICTURE, PNG, message
from tests.adapters.store import Store
from tests.fakes.slack import Channel, FakeSlack, Team, User, faults


async def test_an_answer_goes_into_the_thread_of_its_question(
    adapter: SlackAdapter, store: Store, general: Channel, ana: User
) -> None:
    asked = general.say(ana, "<@BOT> hello")
    (event,) = await store.wait_for(1)
    sent = await adapter.send(answer_to(event), Reply("**Hi** <Ana> & all"), key="1")
    answer = message(general, sent)
    assert answer.thread_ts == asked.ts
    assert answer.shown == "*Hi* &lt;Ana&gt; &amp; all"
    assert sent == Sent(general.id, (answer.ts,))


async def test_an_answer_to_a_message_whose_thread_is_not_named_goes_there_too(
    adapter: SlackAdapter, general: Channel, ana: User
) -> None:
    asked = general.say(ana, "hello")
    sent = await adapter.send(to(general, reply_to=asked.ts), Reply("Hi"), key="1")
    assert message(general, sent).thread_ts == asked.ts


async def test_a_direct_answer_opens_no_thread(adapter: SlackAdapter, store: Store, direct: Channel, ana: User) -> None:
    direct.say(ana, "hello")
    (event,) = await store.wait_for(1)
    sent = await adapter.send(answer_to(event), Reply("Hi"), key="1")
    assert message(direct, sent).thread_ts == ""


async def test_nothing_somebody_wrote_calls_anybody(adapter: SlackAdapter, slack: FakeSlack, general: Channel) -> None:
    text = "<!channel> @here <@U0FAKE00007> #general <#C1|x> https://example.org/?a=1&b=2"
    await adapter.send(to(general), Reply(text, Card("<!here>", text, (("<!here>", text),), (text,), text)), key="1")
    (request,) = slack.calls("chat.postMessage")
    for one in [request.arguments["text"], *_texts(request.arguments["blocks"])]:
        assert "<!" not in one
        assert "<@" not in one
        assert "<#" not in one
    assert all(one.get("verbatim") for one in _objects(request.arguments["blocks"]) if one.get("type") == "mrkdwn")
    assert request.arguments["unfurl_links"] is False


async def test_a_long_answer_is_several_messages_in_order(adapter: SlackAdapter, direct: Channel) -> None:
    sent = await adapter.send(to(direct), Reply(LONG), key="1")
    assert len(sent.message_ids) > 2
    said = "\n\n".join(message.shown for message in direct.bot_messages)
    assert re.findall(r"Paragraph (\d)", said) == list("012345")
    assert len(said.split()) == len(LONG.split())
    assert [m.ts for m in direct.bot_messages] == list(sent.message_ids)


async def test_files_and_pictures(adapter: SlackAdapter, general: Channel, ana: User) -> None:
    asked = general.say(ana, "hello")
    reply = Reply("Here", Card("Tree", picture=PICTURE, buttons=(Button("More", "t"),)), files=(NOTES,))
    sent = await adapter.send(to(general, thread=asked.ts), reply, key="1")
    card, notes = general.thread(asked)
    assert [block["type"] for block in card.blocks] == ["section", "header", "image", "actions"]
    assert card.blocks[2]["alt_text"] == "tree.png"
    assert notes.files[0].content == b"hello"
    stored = general.team.files.by_id[card.blocks[2]["slack_file"]["id"]]
    assert stored.content == PNG
    assert sent.message_ids == (card.ts, f"file:{notes.files[0].id}")


async def test_a_picture_is_shown_once_slack_has_looked_at_it(
    adapter: SlackAdapter, slack: FakeSlack, direct: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "_PAUSE", 0)
    slack.fail("files.info", faults.refused("file_not_found"), times=2)
    sent = await adapter.send(to(direct), Reply(card=Card("Tree", picture=PICTURE)), key="1")
    assert len(slack.calls("files.info")) == 3
    assert [block["type"] for block in direct.bot_messages[0].blocks] == ["header", "image"]
    slack.fail("chat.update", faults.refused("invalid_blocks"))
    await adapter.edit(to(direct), sent, Reply(card=Card("Other tree", picture=PICTURE)))
    card, picture = direct.bot_messages
    assert card.shown == "Other tree"
    assert picture.files[0].content == PNG


async def test_a_picture_that_slack_does_not_show_follows_as_a_file(
    adapter: SlackAdapter, slack: FakeSlack, direct: Channel
) -> None:
    slack.fail("chat.postMessage", faults.refused("invalid_blocks"))
    await adapter.send(to(direct), Reply(card=Card("Tree", picture=PICTURE)), key="1")
    card, picture = direct.bot_messages
    assert [block["type"] for block in card.blocks] == ["header"]
    assert picture.files[0].content == PNG


async def test_a_file_is_shared_once_although_the_answer_was_lost(
    adapter: SlackAdapter, slack: FakeSlack, direct: Channel, tmp_path: Path
) -> None:
    path = tmp_path / "big.txt"
    path.write_text("big")
    reply = Reply("Here", files=(File("big.txt", "text/plain", path=str(path)),))
    slack.fail("files.completeUploadExternal", faults.server_error(after=True))
    with pytest.raises(Transient) as caught:
        await adapter.send(to(direct), reply, key="1")
    assert caught.value.maybe_done
    await adapter.send(to(direct), reply, key="1")
    assert [[file.name for file in m.files] for m in direct.bot_messages] == [[], ["big.txt"]]
    with pytest.raises(Gone):
        await adapter.send(to(direct), Reply(files=(File("gone", path=str(tmp_path / "gone")),)), key="2")
    with pytest.raises(DeliveryError):
        await adapter.send(to(direct), Reply(files=(File("bad", content="?"),)), key="3")


async def test_an_edit_grows_and_shrinks(adapter: SlackAdapter, general: Channel, ana: User) -> None:
    asked = general.say(ana, "hello")
    address = to(general, thread=asked.ts, reply_to=asked.ts)
    sent = await adapter.send(address, Reply("short"), key="1")
    longer = await adapter.edit(address, sent, Reply(LONG))
    assert len(longer.message_ids) > 2
    assert longer.message_ids[0] == sent.message_ids[0]
    assert {one.thread_ts for one in general.bot_messages} == {asked.ts}
    assert await adapter.edit(address, longer, Reply(LONG)) == longer  # nothing changed, nothing wrong
    shorter = await adapter.edit(address, longer, Reply("short"))
    assert shorter == sent
    assert [one.shown for one in general.bot_messages] == ["short"]


async def test_an_edit_that_broke_off_goes_on_where_it_was(
    adapter: SlackAdapter, slack: FakeSlack, direct: Channel
) -> None:
    sent = await adapter.send(to(direct), Reply("short"), key="1")
    slack.fail("chat.postMessage", faults.server_error(), skip=1)
    with pytest.raises(Transient):
        await adapter.edit(to(direct), sent, Reply(LONG))
    whole = await adapter.edit(to(direct), sent, Reply(LONG))
    assert len(direct.bot_messages) == len(whole.message_ids)


async def test_editing_what_is_gone(adapter: SlackAdapter, direct: Channel, ana: User) -> None:
    sent = await adapter.send(to(direct), Reply("short"), key="1")
    direct.remove(message(direct, sent))
    with pytest.raises(Gone):
        await adapter.edit(to(direct), sent, Reply("other"))


async def test_a_message_becomes_a_file_and_back(adapter: SlackAdapter, direct: Channel) -> None:
    sent = await adapter.send(to(direct), Reply("Wait"), key="1")
    filed = await adapter.edit(to(direct), sent, Reply(files=(NOTES,)))
    assert filed.message_ids[0].startswith("file:")
    assert [one.files[0].name for one in direct.bot_messages] == ["notes.txt"]
    assert await adapter.edit(to(direct), filed, Reply(files=(NOTES,))) == filed
    worded = await adapter.edit(to(direct), filed, Reply("Here"))
    assert message(direct, worded).shown == "Here"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("is_archived", Gone),
        ("channel_not_found", Gone),
        ("not_in_channel", NotPermitted),
        ("restricted_action", NotPermitted),
        ("account_inactive", Unauthorized),
        ("invalid_auth", Unauthorized),
        ("token_revoked", Unauthorized),
        ("fatal_error", Transient),
        ("internal_error", Transient),
        ("something_new", DeliveryError),
    ],
)
async def test_refusals(
    adapter: SlackAdapter, slack: FakeSlack, general: Channel, code: str, kind: type[DeliveryError]
) -> None:
    slack.fail("chat.postMessage", faults.refused(code))
    with pytest.raises(kind) as caught:
        await adapter.send(to(general), Reply("my secret"), key="1")
    assert type(caught.value) is kind
    assert code in str(caught.value)
    assert "secret" not in str(caught.value)
    assert "xoxb" not in str(caught.value)


async def test_a_missing_scope_is_named(adapter: SlackAdapter, team: Team, general: Channel) -> None:
    team.scopes.discard("chat:write")
    with pytest.raises(NotPermitted, match="chat:write"):
        await adapter.send(to(general), Reply("Hi"), key="1")
    assert any("chat:write" in sentence for sentence in adapter.explain())
    team.scopes.discard("usergroups:read")


async def test_an_edit_that_is_not_permitted_is_told(adapter: SlackAdapter, slack: FakeSlack, general: Channel) -> None:
    sent = await adapter.send(to(general), Reply("Hi"), key="1")
    slack.fail("chat.update", faults.refused("restricted_action"))
    with pytest.raises(NotPermitted):
        await adapter.edit(to(general), sent, Reply("Ho"))
    assert general.id in adapter.explain()[0]


async def test_what_cannot_be_taken_back_stays(adapter: SlackAdapter, slack: FakeSlack, direct: Channel) -> None:
    sent = await adapter.send(to(direct), Reply(LONG), key="1")
    slack.fail("chat.delete", faults.refused("cant_delete_message"))
    short = await adapter.edit(to(direct), sent, Reply("short"))
    assert len(short.message_ids) == 1
    again = await adapter.send(to(direct), Reply(LONG), key="2")
    slack.fail("chat.delete", faults.rate_limited(2))
    with pytest.raises(TooManyRequests):
        await adapter.edit(to(direct), again, Reply("short"))


async def test_an_unknown_workspace(adapter: SlackAdapter, general: Channel) -> None:
    with pytest.raises(Unauthorized):
        await adapter.send(Address("slack", general.id, workspace="T0OTHER"), Reply("Hi"), key="1")


async def test_files_are_fetched_from_slack_only(
    adapter: SlackAdapter, slack: FakeSlack, team: Team, store: Store, direct: Channel, ana: User
) -> None:
    direct.share_file(ana, "notes.txt", b"hello")
    (event,) = await store.wait_for(1)
    (file,) = event.attachments
    with pytest.raises(Gone):
        await adapter.fetch(Attachment(f"{team.id} https://example.org/notes.txt"))
    slack.fail("download", faults.server_error())
    with pytest.raises(Transient):
        await adapter.fetch(file)
    team.scopes.discard("files:read")
    with pytest.raises(NotPermitted, match="files:read"):
        await adapter.fetch(file)
    del team.files.by_id[direct.messages[0].files[0].id]
    with pytest.raises(Gone):
        await adapter.fetch(file)


def _objects(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [found for one in value for found in _objects(one)]
    if isinstance(value, dict):
        return [value, *(found for one in value.values() for found in _objects(one))]
    return []


def _texts(value: Any) -> list[str]:
    return [one["text"] for one in _objects(value) if isinstance(one.get("text"), str) and one["type"] == "mrkdwn"]
