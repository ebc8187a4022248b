"""The fakes under test, each driven by the real client library."""
