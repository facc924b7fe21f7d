"""The standard attributes, as contributed."""

from __future__ import annotations

from hutong.foundation.contributions import StandardAttribute

_standard: dict[str, StandardAttribute] = {}


def install(attributes: list[StandardAttribute]) -> None:
    """Called once by the composition root."""
    for attribute in attributes:
        _standard[attribute.key] = attribute


def standard() -> dict[str, StandardAttribute]:
    """Standard attributes by key."""
    return _standard
