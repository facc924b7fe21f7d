"""What can go wrong with communities and groups."""

from __future__ import annotations

from hutong.foundation.errors import HutongError


class CommunityNameTaken(HutongError):
    """Another community of the workspace has this name."""

    code = "community_name_taken"
    status = 409
    title = {"zh": "名称已被使用", "en": "Name taken"}
    message = {"zh": "已有名为「{name}」的社群，请换一个名称。", "en": "There is a community named “{name}”. Choose another name."}


class GroupNameTaken(HutongError):
    """Another group of the community has this name."""

    code = "group_name_taken"
    status = 409
    title = {"zh": "名称已被使用", "en": "Name taken"}
    message = {"zh": "这个社群已有名为「{name}」的群，请换一个名称。", "en": "This community has a group named “{name}”. Choose another name."}


class GroupExists(HutongError):
    """The platform's group is in the workspace already."""

    code = "group_exists"
    status = 409
    title = {"zh": "群已存在", "en": "Group exists"}
    message = {"zh": "平台上的这个群已登记为「{name}」。", "en": "This group of the platform is already here as “{name}”."}


class CommunityArchived(HutongError):
    """The community is archived: nothing new begins in it."""

    code = "community_archived"
    status = 409
    title = {"zh": "社群已归档", "en": "Community archived"}
    message = {"zh": "「{name}」已归档，请先恢复。", "en": "“{name}” is archived. Restore it first."}


class RezoneUnconfirmed(HutongError):
    """Changing the time zone counts every day of the community anew, so it must be said twice."""

    code = "rezone_unconfirmed"
    status = 409
    title = {"zh": "请确认更改时区", "en": "Confirm the new time zone"}
    message = {
        "zh": "更改时区后，「{name}」的全部历史会按 {time_zone} 的日期重新统计，期间数字会变动。请确认后再提交。",
        "en": "With the new time zone every day of “{name}” is counted anew in {time_zone}; numbers move meanwhile. Confirm to go on.",
    }
