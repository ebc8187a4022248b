"""The proofs of the books: against a plain model, in races, against tampering, and what is handed out of them."""
