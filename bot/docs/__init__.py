"""Pages and files that are generated from the code, so that they cannot drift: `make docs` writes, a test compares."""
