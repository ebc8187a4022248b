"""What is counted, in Prometheus' format. No label carries a person, a place or words."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest


class Metrics:
    """The counters of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        here = self.registry
        self.events = Counter("nexus_events", "Events recorded", ["platform", "kind"], registry=here)
        self.repeats = Counter(
            "nexus_event_repeats", "Events that came again or ask for nothing", ["platform"], registry=here
        )
        self.turns = Counter("nexus_turns", "Turns by how they were understood", ["how"], registry=here)
        self.turn_failures = Counter("nexus_turn_failures", "Turns that ended in an unexpected error", registry=here)
        self.turn_seconds = Histogram(
            "nexus_turn_seconds",
            "From recording to the last word sent",
            buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
            registry=here,
        )
        self.operations = Counter("nexus_operations", "Operations called", ["operation", "outcome"], registry=here)
        self.sent = Counter("nexus_replies_sent", "Replies that a platform accepted", ["platform"], registry=here)
        self.send_errors = Counter("nexus_send_errors", "Sends that failed", ["platform", "why"], registry=here)
        self.model_requests = Counter("nexus_model_turns", "Turns of the model", ["outcome"], registry=here)
        self.model_tokens = Counter("nexus_model_tokens", "Tokens", ["kind"], registry=here)
        self.model_cost = Counter("nexus_model_cost", "Cost in the currency of the configured prices", registry=here)
        self.waiting = Gauge("nexus_tasks_waiting", "Tasks that wait or run in lanes", registry=here)
        self.progress = Gauge(
            "nexus_last_progress", "When a platform last answered, in seconds", ["platform"], registry=here
        )

    def text(self) -> bytes:
        """All of it, in the text format."""
        return generate_latest(self.registry)


metrics = Metrics()
