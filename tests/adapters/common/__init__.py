"""What the adapters share, tested without any platform."""
