"""The image and the compose files: they copy what there is, call commands that exist, set settings that are known.

No container engine is needed here, so what one makes of them is not tested; docs/howto/container.md says what was.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import tomllib
import zipfile
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from bot.cli.main import parser
from bot.settings import load_settings, places
from tests import composefile

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
COMPOSE = ("compose.yaml", "compose.postgresql.yaml")
SETTINGS = {at.env for _, at in places()}
OF_OTHERS = {"PATH", "HOME", "XDG_DATA_HOME", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "PGPASSWORD"}


def instructions() -> list[tuple[str, str]]:
    """The Containerfile, one (instruction, rest) each."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Containerfile").read_text("utf-8"), flags=re.MULTILINE)
    lines = [line for line in re.sub(r"\\\n\s*", "", text).splitlines() if line]
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in lines]


def all_of(name: str) -> list[str]:
    return [rest for instruction, rest in instructions() if instruction == name]


def one_of(name: str) -> str:
    (rest,) = all_of(name)
    return rest


def environment() -> dict[str, str]:
    return dict(word.split("=", 1) for word in shlex.split(one_of("ENV")))


def services(name: str) -> dict[str, Any]:
    return dict(composefile.read(ROOT / name)["services"])


def ours(name: str) -> dict[str, Any]:
    return {key: service for key, service in services(name).items() if service["image"] == "nexus-cofounder"}


def test_the_image_copies_every_package_and_nothing_that_is_ignored() -> None:
    copied = {word for rest in all_of("COPY") if not rest.startswith("--from") for word in rest.split()[:-1]}
    assert copied >= set(PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
    assert {name for name in copied if not (ROOT / name).exists()} == set()
    ignoring = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert "*" in ignoring
    assert {line.removeprefix("!") for line in ignoring if line.startswith("!")} == copied


def test_the_image_runs_as_nobody_in_particular_on_a_python_that_fits() -> None:
    assert all(fnmatch(rest, "python:3.*-slim*") for rest in all_of("FROM"))
    versions = {tuple(map(int, re.findall(r"3\.\d+", rest)[0].split("."))) for rest in all_of("FROM")}
    lowest = tuple(map(int, PROJECT["project"]["requires-python"].removeprefix(">=").split(".")))
    assert len(versions) == 1
    assert min(versions) >= lowest
    assert one_of("USER") == "nexus"
    assert any("--require-hashes" in rest for rest in all_of("RUN"))
    assert one_of("VOLUME") == "/data"


def test_the_settings_of_the_image_are_right() -> None:
    found = environment()
    assert found.keys() - OF_OTHERS <= SETTINGS
    settings = load_settings({key: value for key, value in found.items() if key in SETTINGS} | {"NEXUS_CONFIG": ""})
    assert settings.store_url == "sqlite:////data/nexus.db"
    assert settings.metrics_bind == "127.0.0.1:9464"


def test_the_image_starts_the_bot() -> None:
    assert json.loads(one_of("ENTRYPOINT")) == list(PROJECT["project"]["scripts"])
    parser().parse_args(json.loads(one_of("CMD")))


def test_the_health_check_asks_the_address_that_is_set() -> None:
    command = json.loads(one_of("HEALTHCHECK").partition("CMD ")[2])
    assert command[:2] == ["python", "-c"]
    unwell = subprocess.run(
        [sys.executable, *command[1:]], env={"NEXUS_METRICS_BIND": "0.0.0.0:9"}, capture_output=True, text=True
    )
    assert unwell.returncode == 1
    assert "Connection refused" in unwell.stderr


@pytest.mark.parametrize("name", COMPOSE)
def test_compose_calls_commands_that_exist(name: str) -> None:
    found = ours(name)
    assert found
    for service in found.values():
        parser().parse_args(service["command"])
        assert (ROOT / service["build"]["dockerfile"]).is_file()


@pytest.mark.parametrize("name", COMPOSE)
def test_compose_sets_what_is_known_and_shows_no_secret(name: str) -> None:
    for service in ours(name).values():
        values: dict[str, str] = service.get("environment", {})
        assert values.keys() - OF_OTHERS <= SETTINGS
        assert service["env_file"] == ".env"
        load_settings({key: value for key, value in values.items() if key in SETTINGS} | {"NEXUS_CONFIG": ""})
    secrets = [
        value
        for service in services(name).values()
        for key, value in service.get("environment", {}).items()
        if "PASSWORD" in key
    ]
    assert all(value == "${POSTGRES_PASSWORD:?}" for value in secrets)


@pytest.mark.parametrize("name", COMPOSE)
def test_what_a_service_refers_to_is_there(name: str) -> None:
    whole = composefile.read(ROOT / name)
    conditions = {"service_healthy", "service_completed_successfully", "service_started"}
    for service in whole["services"].values():
        for other, how in service.get("depends_on", {}).items():
            assert other in whole["services"]
            assert how["condition"] in conditions
            if how["condition"] == "service_healthy":
                assert "healthcheck" in whole["services"][other]
            if how["condition"] == "service_completed_successfully":
                assert whole["services"][other]["restart"] == "no"
        for volume in service["volumes"]:
            assert volume.split(":")[0] in whole["volumes"]
        assert service["volumes"]


def test_every_platform_has_its_gateway_and_there_are_two_workers() -> None:
    found = ours("compose.postgresql.yaml")
    run = next(action for action in parser()._actions if action.dest == "command").choices
    assert run is not None
    only = next(action for action in run["run"]._actions if action.dest == "only").choices  # type: ignore[index]
    gateways = {name for name, service in found.items() if service["command"][:2] == ["run", "--only"]}
    assert gateways == set(only or ())
    assert {name: found[name]["command"][2] for name in gateways} == {name: name for name in gateways}
    assert {name: found[name]["profiles"] for name in gateways} == {name: [name] for name in gateways}
    assert found["worker"]["deploy"]["replicas"] == 2
    assert all("migrate" in found[name]["depends_on"] for name in (*gateways, "worker"))
    assert all(service["environment"]["NEXUS_STORE_URL"].startswith("postgresql://") for service in found.values())


def test_a_wheel_holds_every_file_of_the_packages(tmp_path: Path) -> None:
    """Migrations, the offline brain's weights and the words too: the image installs from one."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    for package in PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]:
        files = {path for path in (ROOT / package).rglob("*") if path.is_file() and "__pycache__" not in path.parts}
        assert {path.relative_to(ROOT).as_posix() for path in files} - held == set()


def test_the_reader_of_these_files_refuses_what_it_does_not_know(tmp_path: Path) -> None:
    good = tmp_path / "good.yaml"
    good.write_text('a: &x\n  b: 1\n  c: ["d"]\n# no\ne:\n  <<: *x\n  b: "2"\nf:\n  - g:h\n  - true\ni:\n')
    expected = {"a": {"b": 1, "c": ["d"]}, "e": {"b": "2", "c": ["d"]}, "f": ["g:h", True], "i": None}
    assert composefile.read(good) == expected
    for bad in (
        "a: {b: c}\n",
        "a: |\n  b\n",
        "a: b\na: c\n",
        "a:\n  - b: c\n   d: e\n",
        "a: 'b'\n",
        "no\n",
        "a: b # c\n",
    ):
        good.write_text(bad)
        with pytest.raises(ValueError):
            composefile.read(good)
