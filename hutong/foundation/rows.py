"""Rows that belong to a workspace. A read that names none raises, so that a forgotten filter never leaks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self, TypeVar

from django.db import models

from hutong.foundation import ids

Row = TypeVar("Row", bound=models.Model)


class UnscopedReadError(RuntimeError):
    """A query over workspace rows was about to run without `in_workspace()`."""


class ScopedQuerySet(models.QuerySet[Row]):
    """A queryset that runs only after `in_workspace(workspace_id)`, or `across_workspaces()` for the system's own work."""

    _scoped = False

    def in_workspace(self, workspace_id: Any) -> Self:
        """Only the rows of that workspace."""
        rows = self.filter(workspace_id=getattr(workspace_id, "pk", workspace_id))
        rows._scoped = True
        return rows

    def across_workspaces(self) -> Self:
        """Every workspace's rows: for jobs, subscribers, migrations and authentication, never for a request's data."""
        rows: Self = self._chain()  # type: ignore[attr-defined]
        rows._scoped = True
        return rows

    def _clone(self) -> Self:
        copy = super()._clone()  # type: ignore[misc]
        copy._scoped = self._scoped
        return copy  # type: ignore[no-any-return]

    def _check(self) -> None:
        if not self._scoped:
            raise UnscopedReadError(f"{self.model.__name__}: call in_workspace() first")

    def _fetch_all(self) -> None:
        self._check()
        super()._fetch_all()

    def iterator(self, *args: Any, **kwargs: Any) -> Iterator[Row]:
        self._check()
        return super().iterator(*args, **kwargs)

    def count(self) -> int:
        self._check()
        return super().count()

    def exists(self) -> bool:
        self._check()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._check()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        self._check()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._check()
        return super().delete()


class WorkspaceRow(models.Model):
    """Base of every table whose rows belong to a workspace: a UUIDv7 key and the workspace."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+")

    objects = ScopedQuerySet.as_manager()
    plain = models.Manager["WorkspaceRow"]()

    class Meta:
        abstract = True
        base_manager_name = "plain"
