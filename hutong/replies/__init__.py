"""Keyword replies."""
