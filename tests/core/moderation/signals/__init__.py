"""What is noticed about a message."""
