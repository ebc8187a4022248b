"""One suite of scenarios over every adapter: the real App, a real store, the real client library at a fake platform."""
