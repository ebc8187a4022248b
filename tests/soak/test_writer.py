"""Group commit: what was acknowledged is there after kill -9, what failed or was under way is there whole or not."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from tests.soak.process import ROOT, Store, wait

KILLS = 10


def test_an_acknowledged_unit_survives(tmp_path: Path) -> None:
    path, log = tmp_path / "nexus.db", tmp_path / "log"
    chance = random.Random(1)
    command = [sys.executable, "-m", "tests.soak.writer", str(path), str(log)]
    store = Store(f"sqlite:///{path}")
    for _ in range(KILLS):
        size = log.stat().st_size if log.exists() else 0
        process = subprocess.Popen(command, cwd=ROOT)
        wait("the first unit", lambda size=size: log.exists() and log.stat().st_size > size)  # type: ignore[misc]
        time.sleep(chance.uniform(0.05, 0.4))
        process.kill()
        process.wait()
        assert not store.trouble()
    halves = Counter(row["id"] for row in store.rows("SELECT id FROM pair"))
    said = {name: word for word, name in (line.split() for line in log.read_text().splitlines())}
    assert len(said) > 1000
    assert set(halves.values()) == {2}
    assert {name for name, word in said.items() if word == "done"} <= halves.keys()
    assert not {name for name, word in said.items() if word == "failed"} & halves.keys()
