"""Metrics of lip sync against timed phones. Definitions: docs/metrics.md. NumPy only."""
