"""Every write to members, by use case."""
