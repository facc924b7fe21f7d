"""What can go wrong with members."""

from __future__ import annotations

from hutong.foundation.errors import HutongError


class SameMember(HutongError):
    """A member was to be merged with themselves."""

    code = "same_member"
    status = 409
    title = {"zh": "不能与自己合并", "en": "Same member"}
    message = {"zh": "请选择另一位成员来合并。", "en": "Choose another member to merge."}


class AlreadyMerged(HutongError):
    """One of the two was merged into somebody before."""

    code = "already_merged"
    status = 409
    title = {"zh": "成员已被合并", "en": "Already merged"}
    message = {
        "zh": "「{name}」已并入另一位成员，请先撤销那次合并，或改选保留的成员。",
        "en": "“{name}” was merged into another member. Undo that merge first, or choose the member who was kept.",
    }


class AlreadyUndone(HutongError):
    """The merge was undone before."""

    code = "already_undone"
    status = 409
    title = {"zh": "合并已撤销", "en": "Already undone"}
    message = {"zh": "这次合并之前已经撤销。", "en": "This merge was undone before."}


class MemberGone(HutongError):
    """The member was merged away: what is said about them is said about the member kept."""

    code = "member_merged"
    status = 409
    title = {"zh": "成员已被合并", "en": "Merged member"}
    message = {
        "zh": "这位成员已并入另一位成员，请在保留的成员上修改。",
        "en": "This member was merged into another. Make the change on the member kept.",
    }


class AttributeExists(HutongError):
    """The key of an attribute is taken."""

    code = "attribute_exists"
    status = 409
    title = {"zh": "属性已存在", "en": "Attribute exists"}
    message = {"zh": "已有键为「{key}」的属性。", "en": "There is an attribute with the key “{key}”."}


class StandardAttributeFixed(HutongError):
    """Standard attributes belong to the product."""

    code = "attribute_standard"
    status = 409
    title = {"zh": "标准属性不可修改", "en": "Standard attribute"}
    message = {"zh": "标准属性不能修改或删除。", "en": "Standard attributes cannot be changed or removed."}


class TooManyAttributes(HutongError):
    """The limit of custom attributes is reached."""

    code = "too_many_attributes"
    status = 409
    title = {"zh": "属性过多", "en": "Too many attributes"}
    message = {"zh": "每个工作区最多 {limit} 个自定义属性。", "en": "A workspace has at most {limit} custom attributes."}


class IdentityTaken(HutongError):
    """The identity belongs to another member."""

    code = "identity_taken"
    status = 409
    title = {"zh": "身份已被占用", "en": "Identity taken"}
    message = {
        "zh": "{channel} 上的「{external_id}」已属于另一位成员，可将两人合并。",
        "en": "“{external_id}” on {channel} belongs to another member. Merge the two instead.",
    }
