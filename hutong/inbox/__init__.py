"""Conversations over channels: who answers, notes, scripts."""
