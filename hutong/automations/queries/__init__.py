"""Every read of rules and journeys that the console and others need."""
