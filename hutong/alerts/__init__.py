"""Alerts to staff."""
