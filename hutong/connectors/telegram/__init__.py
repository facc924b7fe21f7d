"""Telegram: one bot over the Bot API (10.0), by long polling or by webhook."""
