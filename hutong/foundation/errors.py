"""The root of every error a caller can act on: a code, a status, a sentence in zh and en (RFC 9457)."""

from __future__ import annotations

from typing import Any, ClassVar


class HutongError(Exception):
    """Base class. `params` fill the braces of the message; `errors` point at single fields."""

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    title: ClassVar[dict[str, str]] = {"zh": "出错了", "en": "Something went wrong"}
    message: ClassVar[dict[str, str]] = {"zh": "请稍后再试。", "en": "Please try again later."}

    def __init__(self, *, errors: list[dict[str, Any]] | None = None, headers: dict[str, str] | None = None, **params: Any) -> None:
        super().__init__(self.code, params)
        self.params = params
        self.errors = errors or []
        self.headers = headers or {}

    def detail(self, language: str) -> str:
        """The sentence in that language ("zh" or "en")."""
        return self.message[language].format_map(self.params)

    def __str__(self) -> str:
        return self.detail("en")


class NotFound(HutongError):
    """The thing does not exist in this workspace, or the caller may not know of it."""

    code = "not_found"
    status = 404
    title = {"zh": "找不到", "en": "Not found"}
    message = {"zh": "找不到这个{what}，可能已被删除。", "en": "This {what} does not exist or was removed."}

    def __init__(self, what: str = "page", **params: Any) -> None:
        super().__init__(what=what, **params)

    def detail(self, language: str) -> str:
        words = NOUNS.get(self.params["what"], {"zh": "内容", "en": str(self.params["what"])})
        return self.message[language].format(what=words[language])


class Invalid(HutongError):
    """The request is well formed JSON but a value cannot be used; `errors` names the fields."""

    code = "invalid"
    status = 422
    title = {"zh": "内容有误", "en": "Check the form"}
    message = {"zh": "有 {count} 处需要修改。", "en": "{count} value(s) need a change."}

    def __init__(self, *, errors: list[dict[str, Any]] | None = None, **params: Any) -> None:
        super().__init__(errors=errors, count=len(errors or []) or 1, **params)

    @classmethod
    def field(cls, field: str, zh: str, en: str) -> Invalid:
        """One field with its reason in both languages."""
        return cls(errors=[{"field": field, "message": {"zh": zh, "en": en}}])


class Conflict(HutongError):
    """The change does not fit the present state."""

    code = "conflict"
    status = 409
    title = {"zh": "与现状冲突", "en": "Conflict"}
    message = {"zh": "内容已被别人修改，请刷新后再试。", "en": "Someone changed this meanwhile. Reload and try again."}


class ChangedMeanwhile(Conflict):
    """Somebody else saved it since the caller read it. Each kind of thing has an error of its own; `by` names them."""

    @classmethod
    def unless(cls, version: int | None, last: int, /, *, by: str, **params: Any) -> None:
        """Raise it where `version`, from which the change was made, is not the last one. None: whatever is there is written over."""
        if version is not None and version != last:
            raise cls(by=by, **params)


NOUNS: dict[str, dict[str, str]] = {
    "page": {"zh": "页面", "en": "page"},
    "workspace": {"zh": "工作区", "en": "workspace"},
    "community": {"zh": "社群", "en": "community"},
    "group": {"zh": "群", "en": "group"},
    "member": {"zh": "成员", "en": "member"},
    "merge": {"zh": "合并记录", "en": "merge"},
    "import": {"zh": "导入", "en": "import"},
    "segment": {"zh": "分群", "en": "segment"},
    "tag": {"zh": "标签", "en": "tag"},
    "tag group": {"zh": "标签组", "en": "tag group"},
    "edit": {"zh": "批量修改", "en": "bulk edit"},
    "export": {"zh": "导出", "en": "export"},
    "staff": {"zh": "员工", "en": "staff member"},
    "invitation": {"zh": "邀请", "en": "invitation"},
    "key": {"zh": "密钥", "en": "key"},
    "source": {"zh": "数据源", "en": "data source"},
    "event": {"zh": "事件", "en": "event"},
    "attribute": {"zh": "属性", "en": "attribute"},
    "metric": {"zh": "指标", "en": "metric"},
    "platform": {"zh": "平台", "en": "platform"},
    "account": {"zh": "平台账号", "en": "account"},
    "chat": {"zh": "会话", "en": "chat"},
    "send": {"zh": "发送", "en": "send"},
    "opt-out": {"zh": "停发记录", "en": "opt-out"},
    "file": {"zh": "文件", "en": "file"},
    "broadcast": {"zh": "群发", "en": "broadcast"},
    "check": {"zh": "受众检查", "en": "audience check"},
    "run": {"zh": "发送记录", "en": "run"},
    "conversation": {"zh": "会话", "en": "conversation"},
    "script": {"zh": "话术", "en": "script"},
    "identity": {"zh": "身份", "en": "identity"},
    "keyword reply": {"zh": "关键词回复", "en": "keyword reply"},
    "reply question": {"zh": "提问", "en": "question"},
    "reply file": {"zh": "规则文件", "en": "file of rules"},
    "welcome": {"zh": "欢迎语", "en": "welcome"},
    "alert": {"zh": "提醒", "en": "alert"},
    "subscription": {"zh": "接收设置", "en": "subscription"},
    "todo": {"zh": "待办", "en": "to-do"},
    "rule": {"zh": "规则", "en": "rule"},
    "journey": {"zh": "旅程", "en": "journey"},
    "enrolment": {"zh": "旅程中的成员", "en": "member in the journey"},
}
