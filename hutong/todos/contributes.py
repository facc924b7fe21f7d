"""What to-dos add: rights over them, and the events of their lives."""

from __future__ import annotations

from hutong.foundation.contributions import Contributions, EventDefinition, Permission, Property
from hutong.todos.acting import ACTIONS

TODO = Property("todo_id", "id", "待办", "To-do")
TITLE = Property("title", "text", "标题", "Title")
ROLES = frozenset({"manager", "creator", "moderator"})

CONTRIBUTES = Contributions(
    permissions=(
        Permission("todos.read", "查看待办", "See to-dos", ROLES),
        Permission("todos.write", "新建、指派和完成待办", "Write, assign and finish to-dos", ROLES),
    ),
    events=(
        EventDefinition("todo_created", "新建待办", "To-do created", is_noted=True, properties=(TODO, TITLE)),
        EventDefinition(
            "todo_done",
            "完成待办",
            "To-do done",
            is_noted=True,
            properties=(TODO, TITLE, Property("is_late", "boolean", "是否逾期", "Late"), Property("seconds", "number", "秒数", "Seconds")),
        ),
    ),
    actions=ACTIONS,
)
