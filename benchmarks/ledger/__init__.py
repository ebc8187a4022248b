"""`python -m benchmarks.ledger`: what posting costs beside a bare INSERT of the same rows, and a million entries."""
