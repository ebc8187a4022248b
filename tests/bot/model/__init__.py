"""The model brain, with the real client library against the fake endpoint."""
