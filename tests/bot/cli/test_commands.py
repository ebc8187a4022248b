"""The other commands: chat, demo, understand, operations, check, migrate, backup, restore; and wrong settings."""

from __future__ import annotations

import json
import re
import sqlite3

import pytest

from core.catalogue import REGISTRY
from tests.bot.cli.shell import Shell


def test_a_piped_chat_reads_as_a_conversation(shell: Shell) -> None:
    done = shell.run("chat", "--as", "Ana", input="/create Parser\n/need post a reviewer\n/needs\n/quit\n")
    assert done.code == 0
    assert done.err == ""
    assert "The Cofounder is here. You are Ana; say “help” to see what you can do, /quit to leave." in done.out
    assert re.search(r"Nobody owns this place yet\. If it is yours, say: claim [0-9A-Z-]{14}", done.out)
    assert "> /create Parser\nHi Ana. I'm the Cofounder of this Nexus." in done.out
    assert "> /needs\n== Open needs in Parser: ==\n  - Ana: a reviewer (#" in done.out
    assert "\x1b" not in done.out


def test_a_chat_may_begin_in_another_nexus(shell: Shell) -> None:
    shell.run("chat", "--as", "Ana", input="/create name=Parser\n/create name=Garden parent=home\n/quit\n")
    done = shell.run("chat", "--as", "Ana", "--nexus", "parser", input="/place\n")
    assert "We are talking about Parser." in done.out
    assert done.code == 0
    lost = shell.run("chat", "--as", "Ana", "--nexus", "atlantis", input="/place\n")
    assert lost.code == 1
    assert lost.err == "I know no Nexus called atlantis that you can see.\n"


def test_the_log_of_a_chat_holds_no_private_words(shell: Shell) -> None:
    words = "the lighthouse keeper drinks"
    done = shell.run(
        "chat", "--as", "Ana", input=f"/note {words}\n{words}\n/frobnicate {words}\n", NEXUS_LOG_LEVEL="debug"
    )
    assert done.code == 0
    assert (shell.data / "nexus.log").exists()
    assert "lighthouse" not in shell.everything()
    for line in (shell.data / "nexus.log").read_text().splitlines():
        assert {"at", "level", "what"} <= set(json.loads(line))


def test_the_demo_is_a_lively_place_of_its_own(shell: Shell) -> None:
    done = shell.run("demo", "--as", "Vera", input="/needs\n/find logo\n/members\n/quit\n")
    assert done.code == 0
    assert done.err == ""
    assert "This is Harbour Studio, a made-up Nexus of seven people. You are Vera, a member." in done.out
    assert "a designer for the landing page of my seed-swap map" in done.out
    assert "Mira Okafor offers in Harbour Studio: logos and small brand identities" in done.out
    assert "Vera (member)" in done.out
    assert not shell.store.exists()
    again = shell.run("demo", "--as", "Vera", input="/note hello\n")
    assert "Hi Vera" not in again.out
    fresh = shell.run("demo", "--as", "Vera", "--fresh", input="/thoughts\n")
    assert "You have no thoughts kept here yet." in fresh.out


def test_operations_are_listed_for_people_and_with_their_schemas(shell: Shell) -> None:
    done = shell.run("operations")
    assert done.code == 0
    assert "need.post" in done.out
    described = {one["operation"]: one for one in shell.run("operations", "--json").json}
    assert set(described) == {o.name for o in REGISTRY if not o.internal}
    assert described["need.post"]["arguments"]["text"] == {
        "type": "text",
        "required": True,
        "about": "what you need",
    }
    assert described["role.grant"]["confirm"] == "always"
    assert described["need.post"]["schema"]["additionalProperties"] is False


def test_check_says_what_is_there_and_what_is_not(shell: Shell) -> None:
    done = shell.run("check")
    assert done.code == 0
    assert done.out.splitlines()[0] == "Settings   none found: the environment and the defaults"
    assert "nexus.db: ready" in done.out
    assert "Telegram   not configured (`nexus connect telegram`)" in done.out
    assert "Model      none: the offline brain answers" in done.out
    assert done.out.endswith("\nAll well.\n")


def test_check_names_what_is_out_of_reach_and_shows_no_secret(shell: Shell) -> None:
    done = shell.run(
        "check",
        TELEGRAM_BOT_TOKEN="123456:secret-token-AAAAAAAAAAAAAAAAAAAAAAAA",
        TELEGRAM_API_BASE_URL="http://127.0.0.1:9/bot",
        OPENAI_API_KEY="sk-secret-key",
        OPENAI_BASE_URL="http://127.0.0.1:9/v1",
    )
    assert done.code == 1
    assert "Telegram   cannot be reached" in done.out
    assert "cannot be reached (APIConnectionError); the offline brain stands in" in done.out
    assert done.out.endswith("\n2 things to look at.\n")
    assert "secret" not in done.out + done.err + shell.everything()


def test_migrate_says_the_version(shell: Shell) -> None:
    done = shell.run("migrate")
    assert done.code == 0
    assert re.fullmatch(r"The store is at version \w+\.\n", done.out)


def test_a_backup_is_restored_and_what_was_there_is_kept(shell: Shell) -> None:
    shell.do("thought.add", "--as", "Ana", text="before the storm")
    made = shell.run("backup", "safe.db")
    assert made.code == 0
    assert made.out.startswith("Backed up to safe.db")
    shell.do("thought.add", "--as", "Ana", text="after the storm")
    assert shell.run("backup", "safe.db").code == 2
    restored = shell.run("restore", "safe.db")
    assert restored.code == 0
    assert "Restored from safe.db: " in restored.out
    texts = [item["text"] for item in shell.do("thought.list", "--as", "Ana").json["result"]["items"]]
    assert texts == ["before the storm"]
    kept = next(shell.data.glob("nexus.db.replaced-*"))
    with sqlite3.connect(kept) as connection:
        assert connection.execute("SELECT count(*) FROM record").fetchone() == (2,)
    connection.close()


def test_a_backup_of_nothing_and_a_restore_of_something_else_are_refused(shell: Shell) -> None:
    assert shell.run("backup").code == 1
    assert shell.run("restore", "nothing.db").code == 1
    (shell.home / "letter.txt").write_text("Dear Ana, this is no store at all, only a letter.")
    refused = shell.run("restore", "letter.txt")
    assert refused.code == 2
    assert refused.err == "letter.txt is not a whole back-up of a Nexus. Nothing was changed.\n"
    assert not shell.store.exists()


def test_run_without_a_platform_says_what_to_do(shell: Shell) -> None:
    done = shell.run("run")
    assert done.code == 2
    assert done.err.startswith("No platform is configured yet. `nexus connect discord`, `nexus connect slack` or")


OAUTH = {"SLACK_CLIENT_ID": "1.2", "SLACK_APP_TOKEN": "xapp-1"}
HALF = [
    ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN is missing"),
    ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN is missing"),
    (OAUTH, "SLACK_CLIENT_SECRET is missing"),
    (OAUTH | {"SLACK_CLIENT_SECRET": "s"}, "SLACK_PUBLIC_URL is missing"),
    (OAUTH | {"SLACK_CLIENT_SECRET": "s", "SLACK_PUBLIC_URL": "https://a.example"}, "NEXUS_SECRET_KEY is missing"),
]


@pytest.mark.parametrize(("settings", "missing"), HALF)
def test_what_half_a_configuration_lacks_is_said(shell: Shell, settings: dict[str, str], missing: str) -> None:
    run, check = shell.run("run", **settings), shell.run("check", **settings)
    assert (run.code, check.code) == (2, 1)
    assert run.err.startswith(f"Slack is half configured: {missing}")
    assert f"Slack      half configured: {missing}" in check.out


WRONG = [
    ({"NEXUS_LOG_LEVEL": "loud"}, "NEXUS_LOG_LEVEL (in config.toml: nexus.log_level) is not right"),
    ({"NEXUS_STORE_URL": "mysql://somewhere"}, "NEXUS_STORE_URL (in config.toml: nexus.store_url) is not right"),
    ({"NEXUS_METRICS_BIND": "everywhere"}, "NEXUS_METRICS_BIND (in config.toml: nexus.metrics_bind) is not right"),
    ({"TELEGRAM_API_BASE_URL": "telegram"}, "TELEGRAM_API_BASE_URL (in config.toml: telegram.api_base_url)"),
    ({"NEXUS_MODEL_TIMEOUT": "soon"}, "NEXUS_MODEL_TIMEOUT (in config.toml: model.timeout) is not right"),
    ({"NEXUS_CONFIG": "/nowhere.toml"}, "NEXUS_CONFIG names /nowhere.toml, but there is no such file."),
]


@pytest.mark.parametrize(
    ("shards", "count", "sentence"),
    [
        ("x", "4", "--shards takes numbers such as 0-3 or 0,2, not x."),
        ("3-1", "4", "--shards takes numbers such as 0-3 or 0,2, not 3-1."),
        ("0-3", "2", "There is no shard 3: DISCORD_SHARDS says 2"),
        ("0-99999999999", "2", "There is no shard 100000"),
    ],
)
def test_shards_that_do_not_exist_are_2(shell: Shell, shards: str, count: str, sentence: str) -> None:
    done = shell.run("run", "--shards", shards, DISCORD_TOKEN="made-up", DISCORD_SHARDS=count)
    assert done.code == 2
    assert done.err.startswith(sentence)


def test_a_number_that_is_none_is_2_and_says_so(shell: Shell) -> None:
    for option, value in (("--concurrency", "0"), ("--stalled-after", "soon")):
        done = shell.run("work", option, value)
        assert done.code == 2
        assert f"argument {option}: {value!r} is no number" in done.err


@pytest.mark.parametrize(("settings", "sentence"), WRONG)
def test_wrong_settings_are_2_and_say_which(shell: Shell, settings: dict[str, str], sentence: str) -> None:
    done = shell.run("check", **settings)
    assert done.code == 2
    assert done.err.startswith(sentence)
    assert "Traceback" not in done.err
    assert done.out == ""


def test_a_wrong_file_is_2_and_says_where(shell: Shell) -> None:
    (shell.home / "config.toml").write_text('[telegram]\nbot_tokn = "123:secret"\n')
    done = shell.run("operations")
    assert done.code == 2
    assert done.err == "config.toml: I know no setting telegram.bot_tokn. Did you mean telegram.bot_token?\n"


def test_a_store_that_cannot_be_opened_is_said_in_a_sentence(shell: Shell) -> None:
    (shell.home / "a-file").touch()
    done = shell.run("do", "help", NEXUS_STORE_URL=f"sqlite:///{shell.home}/a-file/nexus.db")
    assert done.code == 1
    assert done.err.startswith(f"The store {shell.home}/a-file/nexus.db cannot be opened: ")
    gone = shell.run("do", "help", NEXUS_STORE_URL="postgresql://nobody:secret@127.0.0.1:9/nowhere")
    assert gone.code == 1
    assert gone.err.startswith("The PostgreSQL server of this store cannot be reached")
    assert "secret" not in gone.err


def test_no_command_and_an_unknown_one_are_2(shell: Shell) -> None:
    assert shell.run().code == 2
    assert shell.run("frobnicate").code == 2
    assert shell.run("--version").out.startswith("nexus ")


def test_understand_says_what_it_would_do_and_does_nothing(shell: Shell) -> None:
    sentences = (
        "I need a designer for my logo\n\nmake Ben a moderator of Parser\ngive somebody a role\nthe sea is calm today\n"
    )
    done = shell.run("understand", "--json", input=sentences)
    assert (done.code, done.err) == (0, "")
    need, role, unclear, nothing = (json.loads(line) for line in done.out.splitlines())
    assert need == {"operation": "need.post", "arguments": {"text": "a designer for my logo"}, "missing": []}
    assert role["operation"] == "role.grant"
    assert role["arguments"] == {"person": "Ben", "role": "moderator", "nexus": "Parser"}
    assert set(unclear) == {"operation", "arguments", "missing"}
    assert nothing == {"operation": None, "arguments": {}, "missing": []}
    assert not shell.store.exists()
    one = shell.run("understand", "who", "can", "help", "with", "a", "logo?")
    assert one.json["operation"] == "people.find"


def test_understand_with_a_model_that_is_not_there(shell: Shell) -> None:
    assert shell.run("understand", "--brain", "model", "hello").code == 2
    down = {"OPENAI_API_KEY": "sk-secret", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
    done = shell.run("understand", "--brain", "model", "hello", **down)
    assert done.code == 1
    assert done.err.startswith("The model cannot be reached: ")
    assert "secret" not in done.err
