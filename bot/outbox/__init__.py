"""The outbox: what has to be said, written with the state that it reports, and sent once.

Discord and Slack let a repeat be dropped or found; Telegram and the terminal do not, so what was accepted there and
not yet marked as sent when the process died is said again. How often that happens is measured (docs/reliability.md).
"""
