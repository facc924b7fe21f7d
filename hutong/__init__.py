"""Hutong 胡同: one self-hosted platform for community operations and marketing."""

__version__ = "0.1.0"
