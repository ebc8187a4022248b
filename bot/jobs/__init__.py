"""Jobs: things to do at a time, on the injected clock, at least once. They re-check the state when they fire."""
