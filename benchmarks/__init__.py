"""Measurements that are run by hand or by `make bench`; each package says what it measures and prints its figures."""
