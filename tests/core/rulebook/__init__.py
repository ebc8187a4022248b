"""Rules as people meet them."""
