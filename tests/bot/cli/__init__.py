"""The command line as people meet it: each command is a real process in an empty home."""
