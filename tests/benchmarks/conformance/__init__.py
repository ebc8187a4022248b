"""Tests of the check against the platforms' contracts, with small contracts of their own."""
