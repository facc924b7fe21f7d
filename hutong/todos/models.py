"""The table of to-dos."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q

from hutong.foundation import clock
from hutong.foundation.rows import WorkspaceRow
from hutong.members.models import Member
from hutong.workspaces.models import User

WRITE = "todos.write"  # the right to handle them
NEVER = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)  # where a to-do without a date stands in a list


class Todo(WorkspaceRow):
    """Something a person of the staff is to do, `origin` the member it is about, as they were before any merge."""

    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+", db_index=False)
    title = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    assignee = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    origin = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    due_at = models.DateTimeField(null=True)
    sort_at = models.DateTimeField(default=NEVER)  # `due_at`, NEVER without
    remind_at = models.DateTimeField(null=True)
    key = models.CharField(max_length=200, blank=True)  # of whatever made it: asked for twice it is one
    source = models.CharField(max_length=120, blank=True)  # what made it, where that was no person
    created_by = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=100)
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=100, blank=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace", "key"], condition=~Q(key=""), name="todo_key_once")]
        indexes = [
            models.Index(fields=["workspace", "sort_at", "id"], condition=Q(done_at=None), name="todo_open"),
            models.Index(fields=["workspace", "assignee", "sort_at", "id"], condition=Q(done_at=None), name="todo_of_assignee"),
            models.Index(fields=["workspace", "-done_at", "-id"], condition=Q(done_at__isnull=False), name="todo_done"),
            models.Index(fields=["workspace", "remind_at"], condition=Q(done_at=None, remind_at__isnull=False), name="todo_reminds"),
        ]

    def __str__(self) -> str:
        return self.title
