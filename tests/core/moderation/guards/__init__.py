"""Rules that look at what is written: what each may do where, what it found, and how often it was right."""
