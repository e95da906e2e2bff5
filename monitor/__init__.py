"""Vigie's monitor: asks, remembers, judges, tells."""

__version__ = "0.1.0"
