"""Help written for people: what this person can do here, in words they could type."""
