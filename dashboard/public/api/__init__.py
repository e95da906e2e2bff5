"""The programming interface: read-only JSON below `/api/v1`, its description, and the rules of its questions."""
