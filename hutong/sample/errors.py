"""What can go wrong with the sample community."""

from __future__ import annotations

from hutong.foundation.errors import HutongError


class SamplePresent(HutongError):
    """There is one already."""

    code = "sample_present"
    status = 409
    title = {"zh": "已有示例社群", "en": "There is a sample already"}
    message = {
        "zh": "这个工作区里已有示例社群「{name}」。先移除它，再重新载入。",
        "en": "This workspace already has the sample community “{name}”. Remove it before loading it again.",
    }


class SampleBusy(HutongError):
    """Somebody else loads or removes it at this moment."""

    code = "sample_busy"
    status = 409
    title = {"zh": "示例社群正在处理", "en": "The sample is being changed"}
    message = {
        "zh": "示例社群正在载入或移除，请稍等十几秒再试。",
        "en": "The sample community is being loaded or removed. Try again in a few seconds.",
    }


class SampleMissing(HutongError):
    """There is none to remove."""

    code = "sample_missing"
    status = 404
    title = {"zh": "没有示例社群", "en": "There is no sample"}
    message = {"zh": "这个工作区里没有示例社群。", "en": "This workspace has no sample community."}
