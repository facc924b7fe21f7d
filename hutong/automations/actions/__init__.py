"""Every write of rules and journeys."""
