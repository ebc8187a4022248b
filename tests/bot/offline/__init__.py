"""Tests of the offline brain."""
