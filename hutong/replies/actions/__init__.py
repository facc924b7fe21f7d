"""Every write to keyword replies."""
