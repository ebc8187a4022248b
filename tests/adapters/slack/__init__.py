"""The Slack adapter: its pure halves, and the real slack-bolt against a fake Slack on loopback."""
