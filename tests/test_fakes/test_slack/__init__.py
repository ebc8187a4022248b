"""The fake Slack, driven by the real slack-bolt and slack_sdk."""
