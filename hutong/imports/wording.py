"""The sentence for a reason, in the reader's language: reasons of histories and of lists from their `messages`, reasons of the job from here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hutong.imports import messages
from hutong.imports.tables.messages import MESSAGES as OF_LISTS

JOB_MESSAGES: dict[str, dict[str, str]] = {
    "files_gone": {
        "zh": "上传的文件已不在磁盘上。请删除这次导入并重新上传。",
        "en": "The uploaded files are no longer on the disk. Discard this import and upload them again.",
    },
    "files_changed": {
        "zh": "磁盘上的文件「{file}」与上传时不同。请删除这次导入并重新上传。",
        "en": "The file “{file}” on the disk is not the one uploaded. Discard this import and upload it again.",
    },
    "community_gone": {
        "zh": "选定的社群或群已被删除。请重新选择后再开始。",
        "en": "The chosen community or group was removed. Choose again, then start.",
    },
    "job_died": {
        "zh": "后台任务多次中断，已停下。已导入的内容都在，点「继续导入」从中断处接着导入，或点「取消并撤回」撤回已导入的内容。",
        "en": "The background job was interrupted several times and stopped. What was added is safe: continue from there, or cancel to take it out.",
    },
    "too_many_groups": {
        "zh": "文件里有超过 {limit} 个群，多半是「群」这一列选错了。请重新选择列后再检查。",
        "en": "The files name more than {limit} groups; most likely the wrong column is chosen as the group. Choose again and check again.",
    },
}


def text(code: str, params: Mapping[str, Any], language: str) -> str:
    """What happened, where and how to mend it. A parameter may be a sentence in both languages itself."""
    params = {name: value[language] if isinstance(value, dict) else value for name, value in params.items()}
    if code in JOB_MESSAGES:
        return JOB_MESSAGES[code][language].format_map(params)
    if code in OF_LISTS:
        return OF_LISTS[code][language].format_map(params)
    return messages.sentence(code, params, language)
