"""Every write of imports, by use case."""

from hutong.imports.actions.choices import change
from hutong.imports.actions.steps import cancel, check, run, undo
from hutong.imports.actions.uploads import create, discard

__all__ = ["cancel", "change", "check", "create", "discard", "run", "undo"]
