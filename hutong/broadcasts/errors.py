"""What can go wrong with broadcasts."""

from __future__ import annotations

from hutong.foundation.errors import ChangedMeanwhile, HutongError


class BroadcastState(HutongError):
    """The broadcast is at another stage."""

    code = "broadcast_state"
    status = 409
    title = {"zh": "状态已变化", "en": "Another state"}
    message = {
        "zh": "这个群发现在不能这样操作。请刷新页面看它进行到哪一步。",
        "en": "This cannot be done to the broadcast now. Reload to see how far it is.",
    }


class BroadcastChanged(ChangedMeanwhile):
    """Somebody else changed it meanwhile."""

    code = "broadcast_changed"
    title = {"zh": "已被别人修改", "en": "Changed meanwhile"}
    message = {
        "zh": "{by} 在你之后修改了这个群发。请刷新后再改，你写的内容可以先复制出来。",
        "en": "{by} changed this broadcast after you opened it. Copy what you wrote, then reload and change it again.",
    }


class RecipientsUnconfirmed(HutongError):
    """More recipients than go without the number being typed."""

    code = "recipients_unconfirmed"
    status = 409
    title = {"zh": "请确认收件人数", "en": "Confirm the number"}
    message = {
        "zh": "现在有 {count} 个收件人。超过 {limit} 个时，需要输入这个数字再发送。",
        "en": "There are {count} recipients now. Above {limit}, type this number before you send.",
    }


class AudienceUncounted(HutongError):
    """The audience is so large that counting it goes on in a job."""

    code = "audience_uncounted"
    status = 409
    title = {"zh": "正在清点受众", "en": "Still counting"}
    message = {
        "zh": "受众较大（约 {total}），正在后台清点。请等“检查与发送”显示结果后再发送。",
        "en": "The audience is large (about {total}) and is being counted. Send when “Check and send” shows the result.",
    }


class NothingToSend(HutongError):
    """Nobody is reached."""

    code = "nothing_to_send"
    status = 409
    title = {"zh": "没有收件人", "en": "No recipients"}
    message = {
        "zh": "现在没有能收到的人或群。请换受众，或换发送账号；检查里写明了每一类收不到的原因。",
        "en": "Nobody and no group can be reached now. Choose another audience or other accounts; the check says why each kind is not reached.",
    }
