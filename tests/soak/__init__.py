"""The long tests: processes that die at every boundary, and what must hold afterwards. See docs/reliability.md.

`points` names the boundaries, `runner` is the bot with traps there, `fakes` the platforms that survive it, `process`
both as processes, `workload` what people do, `check` what must be true in the end, `loop` the rounds of one run.
`platforms`, `platforms_fakes` and `platforms_loop` are the same for Discord and Slack.
"""
