"""Ban lists: sharing, following, and what comes of it."""
