"""What can go wrong with welcomes."""

from __future__ import annotations

from hutong.foundation.errors import ChangedMeanwhile, HutongError


class WelcomeNameTaken(HutongError):
    """Another welcome has this name."""

    code = "welcome_name_taken"
    status = 409
    title = {"zh": "名称已被使用", "en": "Name taken"}
    message = {"zh": "已有名为「{name}」的欢迎语，请换一个名称。", "en": "There is a welcome named “{name}”. Choose another name."}


class WelcomeChanged(ChangedMeanwhile):
    """Somebody saved it meanwhile."""

    code = "welcome_changed"
    title = {"zh": "欢迎语已被修改", "en": "Welcome changed"}
    message = {
        "zh": "{by} 刚刚修改了这条欢迎语。请看过最新内容再改。",
        "en": "{by} has just changed this welcome. Look at it again, then make your change.",
    }


class TooManyWelcomes(HutongError):
    """The limit of welcomes is reached."""

    code = "too_many_welcomes"
    status = 409
    title = {"zh": "欢迎语过多", "en": "Too many welcomes"}
    message = {"zh": "每个工作区最多 {limit} 条欢迎语。请先删除不用的。", "en": "A workspace has at most {limit} welcomes. Delete some first."}
