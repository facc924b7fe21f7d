"""Welcomes to newcomers."""
