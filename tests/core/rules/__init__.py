"""The rules against a brute-force reference of their own words, on small worlds where everything collides."""
