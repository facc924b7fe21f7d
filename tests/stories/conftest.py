"""Stories run through whole installations."""

from __future__ import annotations

from tests.config.conftest import bare, installed

__all__ = ["bare", "installed"]
