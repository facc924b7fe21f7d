"""Rules: what they are made of, and how they act."""
