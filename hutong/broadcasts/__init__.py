"""Broadcasts and scheduled sends."""
