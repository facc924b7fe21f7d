"""The roles, strongest first, in words."""

from __future__ import annotations

from dataclasses import dataclass

from hutong.workspaces.models import ROLES


@dataclass(frozen=True, slots=True)
class Role:
    """A role's name and what it is for, in both languages."""

    role: str
    label: dict[str, str]
    description: dict[str, str]


_WORDS: dict[str, tuple[str, str, str, str]] = {
    "owner": ("所有者", "Owner", "一切权限，包括员工、密钥与设置。", "Everything, staff, keys and settings included."),
    "manager": ("社群经理", "Manager", "日常运营：社群、成员、导入与数据。", "The daily work: communities, members, imports and numbers."),
    "creator": ("内容创作者", "Creator", "做内容，看成员与效果。", "Makes content, sees members and effects."),
    "moderator": ("群管", "Moderator", "维护群内秩序，照顾新人。", "Keeps order in the groups and cares for newcomers."),
    "analyst": ("分析师", "Analyst", "查看并导出数据，不改动成员。", "Reads and exports the numbers, changes no members."),
    "viewer": ("查看者", "Viewer", "只能查看。", "Looks, changes nothing."),
}
WORDS = {role: Role(role, {"zh": _WORDS[role][0], "en": _WORDS[role][1]}, {"zh": _WORDS[role][2], "en": _WORDS[role][3]}) for role in ROLES}
