"""Why an event or a call was refused, in both languages."""

from __future__ import annotations

from hutong.foundation.errors import HutongError

EVENT_REASONS: dict[str, dict[str, str]] = {
    "not_an_object": {"zh": "事件应为 JSON 对象。", "en": "An event must be a JSON object."},
    "unknown_type": {
        "zh": "type 只能是 identify、track、page、screen、group 或 alias。",
        "en": "type must be identify, track, page, screen, group or alias.",
    },
    "event_too_large": {"zh": "单个事件超过 32 KB，请减少属性。", "en": "The event is over 32 KB. Send fewer or smaller properties."},
    "too_deep": {"zh": "属性嵌套超过 {levels} 层。", "en": "Properties are nested more than {levels} levels deep."},
    "no_person": {"zh": "缺少 userId 或 anonymousId。", "en": "userId or anonymousId is missing."},
    "bad_person": {"zh": "{field} 应为 1 至 255 个字符的文字或数字。", "en": "{field} must be text of 1 to 255 characters or a number."},
    "no_name": {"zh": "track 缺少事件名 event。", "en": "track needs an event name in “event”."},
    "bad_name": {
        "zh": "事件名应为 1 至 200 个字符的文字，不能以 $ 开头。",
        "en": "The event name must be text of 1 to 200 characters and not begin with $.",
    },
    "reserved_name": {"zh": "事件名 {name} 由系统保留，请换一个名字。", "en": "The event name {name} is reserved. Choose another."},
    "bad_message_id": {"zh": "messageId 应为 1 至 100 个字符的文字。", "en": "messageId must be text of 1 to 100 characters."},
    "bad_object": {"zh": "{field} 应为 JSON 对象。", "en": "{field} must be a JSON object."},
    "bad_time": {"zh": "{field} 不是有效的 ISO 8601 时间。", "en": "{field} is not a valid ISO 8601 time."},
    "too_old": {"zh": "事件早于 {days} 天前，历史数据请使用导入。", "en": "The event is older than {days} days. Bring history in by an import."},
    "in_future": {
        "zh": "事件时间比现在晚 24 小时以上，请检查设备时钟。",
        "en": "The event is more than 24 hours in the future. Check the device's clock.",
    },
    "no_group": {"zh": "group 缺少 groupId。", "en": "group needs a groupId."},
    "no_previous": {"zh": "alias 缺少 previousId。", "en": "alias needs a previousId."},
}


class BadWriteKey(HutongError):
    """The write key is missing, unknown or revoked."""

    code = "bad_write_key"
    status = 401
    title = {"zh": "写入密钥无效", "en": "Write key not valid"}
    message = {"zh": "请在「设置 › 数据源」查看写入密钥。", "en": "See Settings › Data sources for the write key."}


class BadCall(HutongError):
    """The body is not JSON of the expected shape."""

    code = "bad_call"
    status = 400
    title = {"zh": "请求无法读取", "en": "The call cannot be read"}
    message = {
        "zh": "请求内容应为 UTF-8 编码的 JSON 对象；批量调用需要 batch 数组。",
        "en": "The body must be a JSON object in UTF-8; a batch call needs a “batch” array.",
    }


class CallTooLarge(HutongError):
    """The body is over the limit."""

    code = "call_too_large"
    status = 413
    title = {"zh": "请求过大", "en": "Call too large"}
    message = {"zh": "一次请求最多 500 KB，请分批发送。", "en": "A call may hold 500 KB. Send smaller batches."}


class EventRefused(HutongError):
    """The one event of a single call was refused."""

    code = "event_refused"
    status = 400
    title = {"zh": "事件未被接受", "en": "Event refused"}
    message = {"zh": "{reason}", "en": "{reason}"}

    def detail(self, language: str) -> str:
        return EVENT_REASONS[self.params["reason"]][language].format_map(self.params)


class Overloaded(HutongError):
    """The writer's queue is full."""

    code = "overloaded"
    status = 503
    title = {"zh": "系统繁忙", "en": "Busy"}
    message = {
        "zh": "写入队列已满，本次请求未被接受，请稍后重试。",
        "en": "The write queue is full. Send the call again in a moment; it was not accepted.",
    }


class StoreFull(HutongError):
    """The disk is full: nothing can be acknowledged until there is room."""

    code = "store_full"
    status = 507
    title = {"zh": "磁盘已满", "en": "Disk full"}
    message = {
        "zh": "磁盘空间不足，事件未被接受，请清理后重试。",
        "en": "The disk is full and the events were not accepted. Free some space and send them again.",
    }


class StoreFailed(HutongError):
    """The store could not take the events for another reason."""

    code = "store_failed"
    status = 503
    title = {"zh": "暂时无法写入", "en": "Cannot write now"}
    message = {"zh": "事件未被接受，请稍后重试。", "en": "The events were not accepted. Send them again in a moment."}
