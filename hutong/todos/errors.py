"""What can go wrong with to-dos."""

from __future__ import annotations

from hutong.foundation.errors import ChangedMeanwhile


class TodoChanged(ChangedMeanwhile):
    """Somebody else changed it since it was read."""

    code = "todo_changed"
    title = {"zh": "待办已被修改", "en": "The to-do was changed"}
    message = {
        "zh": "{by} 刚刚改过这条待办。请看过最新内容再改。",
        "en": "{by} has just changed this to-do. Look at it again, then make your change.",
    }
