"""Metrics, series, retention and lists over the warehouse, each with one definition."""
