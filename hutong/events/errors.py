"""What can go wrong with sources and the catalogue."""

from __future__ import annotations

from hutong.foundation.errors import HutongError


class GroupElsewhere(HutongError):
    """The group chosen for a source is not in the community chosen."""

    code = "group_elsewhere"
    status = 422
    title = {"zh": "群不在该社群", "en": "Group of another community"}
    message = {"zh": "请选择该社群中的群。", "en": "Choose a group of that community."}
