"""Measurements of the product beside its bounds, one file a scenario."""
