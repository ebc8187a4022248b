"""What only the wire can show on Discord and Slack: sessions that break, answers that are lost, tokens that end.

The whole App runs on a real store with the real client libraries; the platforms are fakes on loopback.
"""
