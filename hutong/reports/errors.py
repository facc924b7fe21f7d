"""What can be wrong with a question about numbers."""

from __future__ import annotations

from hutong.foundation.errors import HutongError


class RangeTooLong(HutongError):
    """More days were asked for than one answer covers."""

    code = "range_too_long"
    status = 422
    title = {"zh": "日期范围过长", "en": "Range too long"}
    message = {"zh": "一次最多查看 {days} 天，请缩短日期范围。", "en": "At most {days} days at a time. Choose a shorter range."}

    def __init__(self, *, field: str, days: int) -> None:
        words = {language: text.format(days=days) for language, text in self.message.items()}
        super().__init__(days=days, errors=[{"field": field, "message": words}])
