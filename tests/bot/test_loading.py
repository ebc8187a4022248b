"""What `nexus run` does not load: start time and memory are promised (see benchmarks)."""

import subprocess
import sys

STRANGERS = (
    "alembic",  # only a store that is not current
    "psycopg",  # only a store on PostgreSQL
    "procrastinate",
    "bot.cluster.node",
    "sqlalchemy.dialects.postgresql",
    "sqlalchemy.orm",
    "prompt_toolkit",  # only the terminal
    "telegram.ext",
    "tornado",  # only a webhook or metrics
)


def test_run_loads_nothing_that_it_does_not_need() -> None:
    program = (
        "import sys, bot.cli.run, adapters.telegram.adapter, bot.cofounder.offline, bot.cofounder.model.wire\n"
        f"print(*(name for name in {STRANGERS!r} if name in sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.split() == []
