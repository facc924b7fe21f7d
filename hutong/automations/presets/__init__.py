"""Rules and journeys to begin with."""
