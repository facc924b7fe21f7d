"""Journeys: what they are made of, how they are checked, and how people go through them."""
