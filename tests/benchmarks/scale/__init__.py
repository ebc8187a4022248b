"""Many places in one process, kept apart."""
