"""Settings: the environment wins over the file, which wins over the default; secrets do not show."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from bot.docs.example import example_config
from bot.settings import BadSettings, Settings, data_folder, load_settings, places

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)


def test_nothing_at_all_is_enough() -> None:
    settings = load_settings({})
    assert settings.store_url == f"sqlite:///{data_folder() / 'nexus.db'}"
    assert settings.language == "en"
    assert not settings.has_model


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[nexus]\nname = "From the file"\nlanguage = "de"\n')
    assert load_settings({}).name == "From the file"
    settings = load_settings({"NEXUS_NAME": "From the environment"})
    assert (settings.name, settings.language) == ("From the environment", "de")


def test_the_file_in_the_data_folder_is_the_last_resort(tmp_path: Path) -> None:
    data_folder().mkdir(parents=True)
    (data_folder() / "config.toml").write_text('[nexus]\nname = "Data"\n')
    assert load_settings({}).name == "Data"
    (tmp_path / "config.toml").write_text('[nexus]\nname = "Here"\n')
    assert load_settings({}).name == "Here"
    (tmp_path / "named.toml").write_text('[nexus]\nname = "Named"\n')
    assert load_settings({"NEXUS_CONFIG": str(tmp_path / "named.toml")}).name == "Named"


def test_an_empty_value_is_the_default(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[nexus]\nname = ""\nmetrics_bind = ""\n')
    assert load_settings({"NEXUS_LANGUAGE": ""}) == load_settings({"NEXUS_CONFIG": ""})
    assert load_settings({}).name == "Home"


def test_secrets_do_not_show() -> None:
    settings = load_settings({"TELEGRAM_BOT_TOKEN": "1:hush", "OPENAI_API_KEY": "sk-hush"})
    assert settings.has_model
    assert "hush" not in f"{settings!r} {settings} {settings.model_dump()}"


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/v1", "https://models.example/v1"])
def test_an_endpoint_of_ones_own_needs_no_key(url: str) -> None:
    assert load_settings({"OPENAI_BASE_URL": url}).has_model


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("[nexus\n", "config.toml cannot be read: "),
        ("name = 1\n", "config.toml: name stands outside a [section]."),
        ("[nexus]\nnaem = 'x'\n", "config.toml: I know no setting nexus.naem. Did you mean nexus.name?"),
        ("[weather]\nsun = 1\n", "config.toml: I know no setting weather.sun."),
        ("[model]\ntimeout = 0\n", "NEXUS_MODEL_TIMEOUT (in config.toml: model.timeout) is not right: input should be"),
        ("[nexus]\nstore_url = 'files'\n", "NEXUS_STORE_URL (in config.toml: nexus.store_url) is not right: it has"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, content: str, sentence: str) -> None:
    (tmp_path / "config.toml").write_text(content)
    with pytest.raises(BadSettings) as caught:
        load_settings({})
    assert caught.value.message.startswith(sentence)


def test_a_wrong_secret_is_not_quoted() -> None:
    with pytest.raises(BadSettings) as caught:
        load_settings({"OPENAI_BASE_URL": "key=sk-hush"})
    assert "hush" not in str(caught.value)


def test_every_setting_has_a_place_and_a_meaning() -> None:
    found = dict(places())
    assert set(found) == set(Settings.model_fields)
    assert len({at.env for at in found.values()}) == len(found) == len({at.key for at in found.values()})
    assert all(field.description for field in Settings.model_fields.values())


def test_the_example_file_is_current_and_valid(tmp_path: Path) -> None:
    text = (ROOT / "config.example.toml").read_text(encoding="utf-8")
    assert text == example_config(), "run `make docs`"
    known = {at.key for _, at in places()}
    assert {f"{part}.{key}" for part, keys in tomllib.loads(text).items() for key in keys} <= known
    (tmp_path / "config.toml").write_text(text)
    assert load_settings({}) == Settings()
