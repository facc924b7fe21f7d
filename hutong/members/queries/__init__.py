"""Every read of members that others need, by use case."""

from hutong.members.queries.names import names

__all__ = ["names"]
