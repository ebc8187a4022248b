"""Hours that are given, and office hours."""
