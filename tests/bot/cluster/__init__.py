"""Past one machine: leases, relays, queues and the processes that use them, on a real PostgreSQL."""
