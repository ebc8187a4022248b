"""The terminal adapter, through its streams."""
