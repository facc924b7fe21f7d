"""What can go wrong with accounts, chats and sends."""

from __future__ import annotations

from hutong.channels.contract import ConnectorError
from hutong.foundation.errors import HutongError


class AccountNameTaken(HutongError):
    """Two accounts of a workspace have different names."""

    code = "account_name_taken"
    status = 409
    title = {"zh": "名称已被使用", "en": "Name in use"}
    message = {"zh": "已有名为「{name}」的平台账号，请换一个名称。", "en": "There is an account named “{name}”. Choose another name."}


class AccountConnected(HutongError):
    """The same account of the platform is connected already."""

    code = "account_connected"
    status = 409
    title = {"zh": "账号已连接", "en": "Already connected"}
    message = {
        "zh": "这个账号已作为「{name}」连接。要更换设置，请在它的页面重新连接。",
        "en": "This account is connected as “{name}”. To change its settings, reconnect it on its page.",
    }


class AnotherAccount(HutongError):
    """The new settings belong to somebody else on the platform."""

    code = "another_account"
    status = 409
    title = {"zh": "不是同一个账号", "en": "Another account"}
    message = {
        "zh": "这些设置属于另一个账号（{found}），而不是 {expected}。请连接为新的账号。",
        "en": "These settings belong to another account ({found}), not to {expected}. Connect it as a new one.",
    }


class NotConnected(HutongError):
    """The platform did not let the account in."""

    code = "not_connected"
    status = 422
    title = {"zh": "连接没有成功", "en": "Not connected"}
    message = {"zh": "{zh}", "en": "{en}"}

    def __init__(self, error: ConnectorError | None = None, *, zh: str = "", en: str = "") -> None:
        super().__init__(zh=error.zh if error else zh, en=error.en if error else en)


class ChannelUnknown(HutongError):
    """No connector reaches that channel."""

    code = "channel_unknown"
    status = 422
    title = {"zh": "没有这个渠道", "en": "No such channel"}
    message = {
        "zh": "没有连接器能到「{channel}」这个渠道。请从渠道列表里选择。",
        "en": "No connector reaches a channel “{channel}”. Choose one from the list of channels.",
    }


class HostUnconfirmed(HutongError):
    """A private address needs an owner's word."""

    code = "host_unconfirmed"
    status = 409
    title = {"zh": "内网地址需要确认", "en": "A private address"}
    message = {
        "zh": "{host} 在内网中。如果它是你们自己的服务，请所有者勾选确认后再连接。",
        "en": "{host} is in a private network. If it is a service of your own, an owner has to confirm it.",
    }


class OnlyOwnersConfirm(HutongError):
    """Somebody else tried to let a connector into the private network."""

    code = "only_owners_confirm"
    status = 403
    title = {"zh": "需要所有者确认", "en": "An owner has to confirm"}
    message = {"zh": "只有所有者可以允许连接内网地址。请让所有者来连接。", "en": "Only an owner may allow a private address. Ask one to connect it."}


class AccountStopped(HutongError):
    """The account is paused or removed."""

    code = "account_stopped"
    status = 409
    title = {"zh": "账号没有在工作", "en": "The account is not working"}
    message = {
        "zh": "「{name}」已暂停、待重连或已移除。请先恢复它。",
        "en": "“{name}” is paused, waits to be reconnected, or was removed. Set it to work first.",
    }


class NotOffered(HutongError):
    """The platform has no such thing."""

    code = "not_offered"
    status = 409
    title = {"zh": "平台不支持", "en": "Not offered"}
    message = {"zh": "{platform} 不支持这项操作：{zh}", "en": "{platform} does not offer this: {en}"}


class ChannelDiffers(HutongError):
    """A chat and a group on different channels cannot be one."""

    code = "channel_differs"
    status = 409
    title = {"zh": "渠道不同", "en": "Another channel"}
    message = {
        "zh": "群「{name}」在 {channel} 上，与这个会话的渠道不同。请选择同一渠道的群。",
        "en": "The group “{name}” is on {channel}, another channel than this chat. Choose a group on the same one.",
    }


class GroupLinked(HutongError):
    """Another chat of the same account is that group."""

    code = "group_linked"
    status = 409
    title = {"zh": "群已对应另一个会话", "en": "The group is another chat"}
    message = {
        "zh": "群「{name}」已对应会话「{chat}」。请先解除那个对应。",
        "en": "The group “{name}” is the chat “{chat}” already. Undo that first.",
    }


class SendUnderWay(HutongError):
    """The message is being handed over at this moment."""

    code = "send_under_way"
    status = 409
    title = {"zh": "正在发送", "en": "Being sent"}
    message = {
        "zh": "这条消息正在交给平台，无法取消。请稍后查看结果。",
        "en": "This message is being handed to the platform. See in a moment what became of it.",
    }


class SendState(HutongError):
    """The send is at another stage."""

    code = "send_state"
    status = 409
    title = {"zh": "状态已变化", "en": "Another state"}
    message = {
        "zh": "这条消息的状态是 {state}：只能取消尚未发出的，只能重发没有成功的。",
        "en": "This message is {state}: only what has not gone can be cancelled, only what failed can be sent again.",
    }


class FileTooLarge(HutongError):
    """An attachment is larger than any platform takes."""

    code = "file_too_large"
    status = 413
    title = {"zh": "附件太大", "en": "Attachment too large"}
    message = {"zh": "附件最大 {mb} MB，请压缩后再试。", "en": "An attachment may have {mb} MB at most. Make it smaller."}
