"""Links are found, also where they are hidden, and sentences are not taken for links."""

import pytest

from core.moderation.text.links import links
from core.moderation.text.reading import read


@pytest.mark.parametrize(
    ("text", "host", "hidden"),
    [
        ("see https://www.Example.com/a?b=1.", "example.com", False),
        ("see example.com, it is good", "example.com", False),
        ("hxxps://steam[.]gift/x", "steam.gift", True),
        ("HXXP://steam(.)gift", "steam.gift", True),
        ("steam dot com", "steam.com", True),
        ("http://user@evil.com:8080/x", "evil.com", False),
        ("e\u200bvil.com/x", "evil.com", True),
        ("http://еvil.com", "evil.com", True),
        ("e v i l . c o m", "evil.com", True),
        ("http://d1sc0rd.g1ft/x", "d1sc0rd.g1ft", False),
        ("youtu.be/abc", "youtu.be", False),
        ("http://127.0.0.1:8000/", "127.0.0.1", False),
    ],
)
def test_links(text: str, host: str, hidden: bool) -> None:
    found = read(text).links
    assert (found[0].host, found[0].hidden) == (host, hidden)


@pytest.mark.parametrize(
    "text",
    [
        "README.md and foo.py",
        "Yes.In the end",
        "version 1.5.2",
        "mail bob@example.com",
        "e.g. this",
        "wait...what",
        "3.14",
    ],
)
def test_no_links(text: str) -> None:
    assert read(text).links == ()


@pytest.mark.parametrize(
    ("link", "invites"),
    [
        ("discord.gg/abc", True),
        ("https://discord.com/invite/abc", True),
        ("https://ptb.discordapp.com/invite/abc", True),
        ("t.me/+AbC", True),
        ("https://t.me/joinchat/AbC", True),
        ("tg://join?invite=AbC", True),
        ("https://chat.whatsapp.com/AbC", True),
        ("https://join.slack.com/t/x/shared_invite/y", True),
        ("https://t.me/durov", False),
        ("https://discord.com/channels/1/2", False),
        ("https://notdiscord.gg.example.com/abc", False),
    ],
)
def test_invitations(link: str, invites: bool) -> None:
    assert [one.invite for one in links(link)] == [invites]


def test_a_host_of_another_alphabet_is_given_as_it_is_too() -> None:
    assert {(one.host, one.hidden) for one in read("https://pаypal.com/x").links} == {
        ("paypal.com", True),
        ("pаypal.com", True),
    }
    assert ("яндекс.рф", False) in {(one.host, one.hidden) for one in read("https://яндекс.рф/x").links}
