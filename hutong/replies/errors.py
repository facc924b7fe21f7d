"""What can go wrong with keyword replies."""

from __future__ import annotations

from hutong.foundation.errors import ChangedMeanwhile, Conflict, HutongError


class RuleNameTaken(Conflict):
    """Another rule of the workspace has that name."""

    code = "reply_name_taken"
    title = {"zh": "名称已被使用", "en": "Name in use"}
    message = {"zh": "已有名为「{name}」的关键词回复，请换一个名称。", "en": "There is a keyword reply named “{name}” already. Choose another name."}


class RuleChanged(ChangedMeanwhile):
    """Somebody saved it meanwhile."""

    code = "reply_changed"
    title = {"zh": "规则已被修改", "en": "Rule changed"}
    message = {
        "zh": "{by} 刚刚修改了这条规则。请重新打开，再改一次。",
        "en": "{by} has just changed this rule. Open it again and repeat your change.",
    }


class TooManyRules(HutongError):
    """The workspace has as many rules as it may."""

    code = "too_many_replies"
    status = 422
    title = {"zh": "规则太多", "en": "Too many rules"}
    message = {"zh": "最多 {limit} 条{zh}，请先删除不用的。", "en": "There can be at most {limit}: {en}. Delete some first."}


class RuleFileState(Conflict):
    """A file of rules is not in the state for this."""

    code = "reply_file_state"
    title = {"zh": "现在不能导入", "en": "It cannot be imported now"}
    message = {
        "zh": "这个文件还没检查完、有错误，或者已经导入过。请看它的状态。",
        "en": "This file is still being checked, has errors, or was imported already. See its state.",
    }


class TooManyToExport(HutongError):
    """A workbook of so many rules takes too long."""

    code = "replies_export_too_large"
    status = 422
    title = {"zh": "规则太多", "en": "Too many rules"}
    message = {"zh": "超过 {limit} 条规则请导出为 CSV。", "en": "With more than {limit} rules, export them as CSV."}
