"""The same answers as CSV files: headings in the reader's language, no cell ever a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse

from hutong.foundation.spreadsheets import csv_chunks
from hutong.reports.definitions import BY_KEY
from hutong.workspaces.access import Request

HEADINGS: dict[str, dict[str, str]] = {
    "metric": {"zh": "指标", "en": "Metric"},
    "formula": {"zh": "算法", "en": "Formula"},
    "unit": {"zh": "单位", "en": "Unit"},
    "value": {"zh": "数值", "en": "Value"},
    "previous": {"zh": "对比时段", "en": "Other period"},
    "change": {"zh": "变化", "en": "Change"},
    "from": {"zh": "开始", "en": "From"},
    "to": {"zh": "结束", "en": "To"},
    "day": {"zh": "日期", "en": "Day"},
    "cohort": {"zh": "批次", "en": "Cohort"},
    "size": {"zh": "人数", "en": "People"},
    "weekday": {"zh": "星期", "en": "Weekday"},
    "hour": {"zh": "小时", "en": "Hour"},
    "count": {"zh": "次数", "en": "Times"},
    "average": {"zh": "平均", "en": "Average"},
    "member_id": {"zh": "成员编号", "en": "Member id"},
    "member": {"zh": "成员", "en": "Member"},
    "characters": {"zh": "字数", "en": "Characters"},
    "active_days": {"zh": "发言天数", "en": "Days with a message"},
    "share": {"zh": "占比", "en": "Share"},
    "joined_day": {"zh": "进群日期", "en": "Joined"},
    "last_active_day": {"zh": "最后活跃", "en": "Last active"},
    "silent_days": {"zh": "沉默天数", "en": "Days silent"},
    "is_present": {"zh": "仍在群里", "en": "Still there"},
    "asked_at": {"zh": "提问时间 (UTC)", "en": "Asked (UTC)"},
    "group": {"zh": "群", "en": "Group"},
    "channel": {"zh": "渠道", "en": "Channel"},
    "text": {"zh": "内容", "en": "Text"},
    "community": {"zh": "社群", "en": "Community"},
}


def is_wanted(request: Request, asked: str | None) -> bool:
    """Whether the caller wants a file: by `format=csv`, else by what they accept."""
    if asked is not None:
        return asked == "csv"
    return request.headers.get("Accept", "").split(",")[0].split(";")[0].strip().lower() == "text/csv"


def file(request: Request, name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A CSV file to save. Headings are keys of definitions or of HEADINGS; anything else stands as it is."""
    language = request.language
    body = "".join(csv_chunks((_heading(key, language) for key in headings), rows))
    response = HttpResponse(body, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="hutong-{name}.csv"'
    return response


def _heading(key: str, language: str) -> str:
    if key in BY_KEY:
        return BY_KEY[key].zh if language == "zh" else BY_KEY[key].en
    return HEADINGS[key][language] if key in HEADINGS else key
