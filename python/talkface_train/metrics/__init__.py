"""Metrics of lip sync against timed phones, and of systems against true faces. Definitions:
docs/metrics.md."""
