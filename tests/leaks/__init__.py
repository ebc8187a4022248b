"""A model that tries by every way to bring into a channel what its people may not hear, in many random worlds."""
