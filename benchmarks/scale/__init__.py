"""`python -m benchmarks.scale`: many servers, workspaces and groups in one `nexus run` on SQLite, kept apart.

By default 50 Discord servers, 20 Slack workspaces (installed in one app) and 200 Telegram groups, three people in each.
Every place belongs to a Nexus of its own, in which everybody there is a member, and bears a marker: a made-up word that
stands in its name, its people's names and everything that is said there. Two questions:

- *Are they kept apart?* In the end every request that any fake received (to the platforms and to the model) and every
  message of the bot's that stands in any chat is searched for markers: none may show one of another place. A violation
  makes the exit code 1.
- *What does it cost?* Memory, processor time and latency, beside the same process with one place of each platform.

`world` builds the places, `store` binds them before the start, `script` is what people say, `measure` runs one process
through it, `isolation` judges what was sent, `report` prints. Loopback only.
"""
