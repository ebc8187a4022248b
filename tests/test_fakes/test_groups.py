"""Groups: who hears what, ranks, moderation, topics, menus."""

import pytest
from telegram import Bot, BotCommand, BotCommandScopeAllGroupChats, ChatPermissions
from telegram.error import (
    BadRequest,
)

from tests.fakes.telegram import FakeTelegram, User
from tests.test_fakes.tools import client


async def test_privacy_mode(tg: FakeTelegram, bot: Bot, ann: User) -> None:
    other = tg.add_bot("Other", "other_bot", privacy_mode=False)
    group = tg.group("G", [ann])
    assert not (await bot.get_me()).can_read_all_group_messages
    assert group.say(ann, "just talk")
    sent = await bot.send_message(group.id, "I am here")
    for words in ("/help", "/help@nexus_test_bot", "hey @Nexus_Test_Bot"):
        assert group.say(ann, words)
    group.say(ann, "yes", reply_to=sent.message_id)
    group.say(ann, "/help@other_bot")
    group.say(ann, "hey @nexus_test_bottom")
    updates = await bot.get_updates()
    texts = [update.message.text for update in updates if update.message]
    assert texts == ["/help", "/help@nexus_test_bot", "hey @Nexus_Test_Bot", "yes"]
    async with client(tg, other.token) as second:
        assert len(await second.get_updates()) == 7
    group.promote(tg.bot.user)
    quiet = tg.group("Quiet", [ann], bots=[tg.bot])
    assert group.say(ann, "as an administrator it hears this")
    assert quiet.say(ann, "and nobody hears this") == 0
    assert tg.group("Open", [ann], bots=[tg.bot], privacy_mode=False).say(ann, "but this")
    # An anonymous administrator is a bot's account with the group as sender_chat.
    group.say(None, "/ban")
    update = (await bot.get_updates(offset=updates[-1].update_id + 1))[-1]
    assert update.message is not None
    assert update.message.sender_chat is not None
    assert update.message.from_user is not None
    assert (update.message.sender_chat.id, update.message.from_user.is_bot) == (group.id, True)


async def test_allowed_updates_and_membership(tg: FakeTelegram, bot: Bot, ann: User) -> None:
    ben = tg.user("Ben")
    group = tg.group("G", [ann], bots=[])
    joined = group.join(tg.bot.user, by=ann)
    promoted = group.promote(tg.bot.user, ["can_restrict_members", "can_delete_messages"], by=ann)
    assert group.join(ben) == 0
    updates = await bot.get_updates()
    kinds = [(u.update_id, u.my_chat_member is not None, u.message is not None) for u in updates]
    assert [kind[1:] for kind in kinds] == [(True, False), (False, True), (True, False), (False, True)]
    assert (kinds[0][0], kinds[2][0]) == (joined, promoted)
    await bot.get_updates(offset=updates[-1].update_id + 1, allowed_updates=["chat_member", "message_reaction"])
    assert group.say(ann, "not wanted now") == 0
    group.leave(ben)
    group.react(ann, 1, "🔥")
    left, reaction = await bot.get_updates(allowed_updates=[])
    assert left.chat_member is not None
    assert left.chat_member.new_chat_member.status == "left"
    assert reaction.message_reaction is not None
    assert group.react(ann, 1) == 0
    member = await bot.get_chat_member(group.id, tg.bot.id)
    assert (member.status, getattr(member, "can_restrict_members", None)) == ("administrator", True)
    assert [m.user.id for m in await bot.get_chat_administrators(group.id)] == [tg.bot.id]
    assert (await bot.get_chat(group.id)).title == "G"
    assert await bot.get_chat_member_count(group.id) == 2
    with pytest.raises(BadRequest, match="There are no administrators in the private chat"):
        await bot.get_chat_administrators(tg.private(ann, opened=True).id)


async def test_moderation(tg: FakeTelegram, bot: Bot, ann: User) -> None:
    ben, eve = tg.user("Ben"), tg.user("Eve")
    group = tg.group("G", [ben, eve], owner=ann, bot_rights=())
    with pytest.raises(BadRequest, match="Not enough rights to restrict/unrestrict chat member"):
        await bot.ban_chat_member(group.id, ben.id)
    group.say(eve, "spam")
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(group.id, 1)
    group.promote(tg.bot.user)
    assert await bot.delete_messages(group.id, [1, 77])
    with pytest.raises(BadRequest, match="Can't remove chat owner"):
        await bot.ban_chat_member(group.id, ann.id)
    # A duration in place of a date bans for ever.
    await bot.ban_chat_member(group.id, eve.id, until_date=3600)
    assert (group.members[eve.id].status, group.members[eve.id].until_date) == ("kicked", 0)
    await bot.unban_chat_member(group.id, eve.id)
    await bot.unban_chat_member(group.id, ben.id, only_if_banned=True)
    assert (group.members[eve.id].status, group.members[ben.id].status) == ("left", "member")
    await bot.restrict_chat_member(group.id, ben.id, ChatPermissions.no_permissions())
    assert (await bot.get_chat_member(group.id, ben.id)).status == "restricted"
    await bot.restrict_chat_member(group.id, ben.id, ChatPermissions.all_permissions())
    assert group.members[ben.id].status == "member"
    await bot.set_chat_permissions(group.id, ChatPermissions.no_permissions())
    permissions = (await bot.get_chat(group.id)).permissions
    assert permissions is not None
    assert not permissions.can_send_messages
    await bot.promote_chat_member(group.id, ben.id, can_invite_users=True)
    assert group.members[ben.id].may("can_invite_users")
    group.say(ann, "rules")
    await bot.pin_chat_message(group.id, group.last.message_id)
    assert group.last.is_service


async def test_who_may_write_and_come(tg: FakeTelegram, bot: Bot, ann: User) -> None:
    ben, eve = tg.user("Ben"), tg.user("Eve")
    group = tg.group("G", [ben, eve], owner=ann, bot_rights=("can_restrict_members", "can_delete_messages"))
    until = int(tg.now()) + 3600
    await bot.restrict_chat_member(group.id, ben.id, ChatPermissions(can_send_messages=True), until_date=until)
    group.say(ben, "words")
    with pytest.raises(ValueError, match="restricted"):
        group.send_file(ben, "x.png", b"x", photo=True)
    await bot.restrict_chat_member(group.id, ben.id, ChatPermissions.no_permissions(), until_date=until)
    with pytest.raises(ValueError, match="Ben may not post here: restricted"):
        group.say(ben, "words")
    with pytest.raises(ValueError, match="Ben may not post here: restricted"):
        group.edit(ben, 1, "others")
    # A restriction waits for who leaves, and ends at its date.
    group.leave(ben)
    member = await bot.get_chat_member(group.id, ben.id)
    assert (member.status, getattr(member, "is_member", None)) == ("restricted", False)
    group.join(ben)
    assert not group.standing(ben).rights
    tg.ahead += 3601
    group.say(ben, "words")
    # A ban keeps out, unless an administrator adds the person; a restriction ends it.
    await bot.ban_chat_member(group.id, eve.id)
    with pytest.raises(ValueError, match="Eve is banned"):
        group.join(eve)
    with pytest.raises(ValueError, match="banned"):
        group.say(eve, "words")
    group.join(eve, by=ann)
    await bot.ban_chat_member(group.id, eve.id)
    await bot.restrict_chat_member(group.id, eve.id, ChatPermissions.no_permissions())
    group.join(eve)
    with pytest.raises(ValueError, match="restricted"):
        group.say(eve, "words")
    # A lock is for those who are no administrators.
    await bot.set_chat_permissions(group.id, ChatPermissions.no_permissions())
    with pytest.raises(BadRequest, match="Chat_not_modified"):
        await bot.set_chat_permissions(group.id, ChatPermissions.no_permissions())
    with pytest.raises(ValueError, match="locked"):
        group.say(ben, "words")
    group.say(ann, "words")
    await bot.send_message(group.id, "words")
    group.demote(tg.bot.user)
    with pytest.raises(BadRequest, match="Not enough rights to send text messages to the chat"):
        await bot.send_message(group.id, "words")
    with pytest.raises(BadRequest, match="Not enough rights to change chat permissions"):
        await bot.set_chat_permissions(group.id, ChatPermissions.all_permissions())


async def test_implied_and_omitted_permissions(tg: FakeTelegram, bot: Bot, ann: User) -> None:
    group = tg.group("G", [ann], bot_rights=("can_restrict_members",))
    await bot.set_chat_permissions(group.id, ChatPermissions(can_send_other_messages=True, can_pin_messages=True))
    granted = {name for name, may in group.permissions().items() if may}
    assert {"can_send_messages", "can_send_photos", "can_edit_tag", "can_manage_topics"} <= granted
    assert not granted & {"can_send_polls", "can_invite_users"}
    alone = ChatPermissions(can_send_other_messages=True)
    await bot.set_chat_permissions(group.id, alone, use_independent_chat_permissions=True)
    assert [name for name, may in group.permissions().items() if may] == ["can_send_other_messages"]


async def test_small_groups_keep_nobody_out(tg: FakeTelegram, bot: Bot, ann: User) -> None:
    ben = tg.user("Ben")
    group = tg.group("G", [ben], supergroup=False, owner=ann, bot_rights=("can_restrict_members",))
    await bot.ban_chat_member(group.id, ben.id, until_date=int(tg.now()) + 3600)
    group.join(ben)
    with pytest.raises(BadRequest, match="Method is available for supergroup and channel chats only"):
        await bot.unban_chat_member(group.id, ben.id)
    with pytest.raises(BadRequest, match="Method is available only for supergroups"):
        await bot.restrict_chat_member(group.id, ben.id, ChatPermissions.no_permissions())


async def test_old_messages_keep_the_others(tg: FakeTelegram, bot: Bot, ann: User) -> None:
    group = tg.group("G", [ann], bot_rights=("can_delete_messages",))
    group.say(ann, "old")
    group.last.date -= 48 * 3600
    group.say(ann, "new")
    old, new = (message.message_id for message in group.messages)
    with pytest.raises(BadRequest, match="Message can't be deleted for everyone"):
        await bot.delete_messages(group.id, [old, new])
    assert len(group.messages) == 2
    assert await bot.delete_messages(group.id, [new, new, 99])
    for wrong in ([], [0], list(range(1, 102))):
        with pytest.raises(BadRequest):
            await bot.delete_messages(group.id, wrong)
    assert [message.message_id for message in group.messages] == [old]


async def test_closed_topics(tg: FakeTelegram, bot: Bot, ann: User) -> None:
    ben = tg.user("Ben")
    forum = tg.group("F", [ann, ben], forum=True, privacy_mode=False, bot_rights=())
    thread = forum.topic(ann, "Gardens")
    with pytest.raises(BadRequest, match="Not enough rights to close or reopen the topic"):
        await bot.close_forum_topic(forum.id, thread)
    forum.close_topic(ann, thread)
    with pytest.raises(BadRequest, match="Topic_closed"):
        await bot.send_message(forum.id, "x", message_thread_id=thread)
    forum.promote(tg.bot.user, ["can_manage_topics"])
    await bot.send_message(forum.id, "x", message_thread_id=thread)
    with pytest.raises(BadRequest, match="Topic_not_modified"):
        await bot.close_forum_topic(forum.id, thread)
    with pytest.raises(ValueError, match="TOPIC_CLOSED"):
        forum.say(ben, "x", thread=thread)
    forum.say(ann, "the one who made it may", thread=thread)
    await bot.reopen_forum_topic(forum.id, thread)
    forum.say(ben, "x", thread=thread)
    with pytest.raises(BadRequest, match="Topic_id_invalid"):
        await bot.reopen_forum_topic(forum.id, 9999)
    with pytest.raises(BadRequest, match="The chat is not a forum"):
        await bot.close_forum_topic(tg.group("P", [ann]).id, 1)


async def test_topics(tg: FakeTelegram, bot: Bot, ann: User) -> None:
    forum = tg.group("F", [ann], forum=True, privacy_mode=False, bot_rights=["can_manage_topics"])
    thread = forum.topic(ann, "Gardens")
    forum.say(ann, "in the topic", thread=thread)
    update = (await bot.get_updates())[-1]
    assert update.message is not None
    assert (update.message.message_thread_id, update.message.is_topic_message) == (thread, True)
    # Telegram's habit: what answers nothing in a topic "answers" the line that made the topic.
    assert update.message.reply_to_message is not None
    assert update.message.reply_to_message.forum_topic_created is not None
    await bot.send_message(forum.id, "there", message_thread_id=thread)
    assert forum.last.thread == thread
    for wrong in (1, 9999):
        with pytest.raises(BadRequest, match="Message thread not found"):
            await bot.send_message(forum.id, "x", message_thread_id=wrong)
    await bot.send_chat_action(forum.id, "typing", message_thread_id=1)
    made = await bot.create_forum_topic(forum.id, "Works")
    await bot.send_message(forum.id, "x", message_thread_id=made.message_thread_id)
    # … and in a plain supergroup a reply carries a thread id that cannot be sent to.
    plain = tg.group("P", [ann], privacy_mode=False)
    plain.say(ann, "one")
    plain.say(ann, "two", reply_to=1)
    reply = (await bot.get_updates())[-1].message
    assert reply is not None
    assert (reply.message_thread_id, reply.is_topic_message) == (1, None)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(plain.id, "x", message_thread_id=reply.message_thread_id)


async def test_command_menus(bot: Bot) -> None:
    scope = BotCommandScopeAllGroupChats()
    await bot.set_my_commands([BotCommand("help", "What I can do")], scope=scope, language_code="de")
    assert [c.command for c in await bot.get_my_commands(scope=scope, language_code="de")] == ["help"]
    assert await bot.get_my_commands() == ()
    with pytest.raises(BadRequest, match="Bot_command_invalid"):
        await bot.set_my_commands([BotCommand("Help", "x")])
    with pytest.raises(BadRequest, match="Invalid language code"):
        await bot.set_my_commands([BotCommand("help", "x")], language_code="german")
    await bot.delete_my_commands(scope=scope, language_code="de")
    assert await bot.get_my_commands(scope=scope, language_code="de") == ()
