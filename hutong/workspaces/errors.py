"""What can go wrong with signing in and with rights."""

from __future__ import annotations

from hutong.foundation.errors import HutongError


class NotSignedIn(HutongError):
    """No valid session or key came with the request."""

    code = "not_signed_in"
    status = 401
    title = {"zh": "请先登录", "en": "Sign in first"}
    message = {"zh": "登录已过期或密钥无效，请重新登录。", "en": "The sign-in has ended or the key is not valid. Sign in again."}


class NotAllowed(HutongError):
    """The caller is known but lacks the permission."""

    code = "not_allowed"
    status = 403
    title = {"zh": "没有权限", "en": "Not allowed"}
    message = {
        "zh": "你没有「{zh}」的权限，请联系工作区所有者。",
        "en": "You lack the permission “{en}”. Ask the workspace owner.",
    }


class BadOrigin(HutongError):
    """A session's write came without its CSRF token or from another site."""

    code = "bad_origin"
    status = 403
    title = {"zh": "请求来源不明", "en": "Unknown origin"}
    message = {"zh": "页面已过期，请刷新后再试。", "en": "The page is out of date. Reload it and try again."}


class WrongCredentials(HutongError):
    """E-mail or password is wrong; which one is not said."""

    code = "wrong_credentials"
    status = 401
    title = {"zh": "登录失败", "en": "Could not sign in"}
    message = {"zh": "邮箱或密码不正确。", "en": "The e-mail or the password is wrong."}


class TooManyAttempts(HutongError):
    """The throttle of sign-in is shut."""

    code = "too_many_attempts"
    status = 429
    title = {"zh": "尝试次数过多", "en": "Too many attempts"}
    message = {"zh": "请在 {minutes} 分钟后再试。", "en": "Try again in {minutes} minutes."}


class AlreadySetUp(HutongError):
    """The first-run page was asked to make an owner where one exists."""

    code = "already_set_up"
    status = 409
    title = {"zh": "已完成设置", "en": "Already set up"}
    message = {"zh": "所有者已存在，请直接登录。", "en": "An owner exists. Sign in instead."}


class InvitationSpent(HutongError):
    """The invitation was used, withdrawn or is past its date."""

    code = "invitation_spent"
    status = 410
    title = {"zh": "邀请已失效", "en": "Invitation no longer valid"}
    message = {"zh": "请向邀请你的人索取新的链接。", "en": "Ask the person who invited you for a new link."}


class InvitationForAnother(HutongError):
    """The invitation names an e-mail, and it is not that of the person who opened it."""

    code = "invitation_for_another"
    status = 403
    title = {"zh": "邀请不是发给你的", "en": "This invitation is for someone else"}
    message = {"zh": "请用收到邀请的邮箱登录或注册。", "en": "Use the e-mail address that was invited."}


class AccountExists(HutongError):
    """An account was to be made for an e-mail that has one."""

    code = "account_exists"
    status = 409
    title = {"zh": "该邮箱已有账号", "en": "This e-mail has an account"}
    message = {"zh": "请先登录，再打开邀请链接。", "en": "Sign in, then open the invitation again."}


class AlreadyStaff(HutongError):
    """The person is already in the workspace."""

    code = "already_staff"
    status = 409
    title = {"zh": "已在工作区中", "en": "Already in this workspace"}
    message = {"zh": "你已是这个工作区的员工，邀请仍然有效。", "en": "You are already on the staff here. The invitation stays valid."}


class AboveOwnRights(HutongError):
    """Someone tried to give away more than they hold."""

    code = "above_own_rights"
    status = 403
    title = {"zh": "超出自己的权限", "en": "Beyond your own rights"}
    message = {"zh": "你不能授予自己没有的权限。", "en": "You cannot give rights that you do not hold."}


class LastOwner(HutongError):
    """A workspace keeps at least one owner."""

    code = "last_owner"
    status = 409
    title = {"zh": "至少保留一位所有者", "en": "Keep one owner"}
    message = {"zh": "请先把另一位员工设为所有者。", "en": "Make another staff member an owner first."}


class KeyReused(HutongError):
    """An Idempotency-Key came again with another body."""

    code = "idempotency_key_reused"
    status = 422
    title = {"zh": "幂等键重复使用", "en": "Idempotency key reused"}
    message = {"zh": "同一个 Idempotency-Key 携带了不同的内容。", "en": "The same Idempotency-Key came with another request."}


class KeyInFlight(HutongError):
    """The first request with this Idempotency-Key is still being answered."""

    code = "idempotency_key_in_flight"
    status = 409
    title = {"zh": "请求处理中", "en": "Still in progress"}
    message = {"zh": "相同的请求正在处理，请稍候。", "en": "The same request is being processed. Wait a moment."}


class TooManyKeys(HutongError):
    """The workspace has as many working keys as it may have."""

    code = "too_many_keys"
    status = 409
    title = {"zh": "密钥太多", "en": "Too many keys"}
    message = {"zh": "最多 {most} 个有效密钥，请先吊销不用的。", "en": "At most {most} working keys. Revoke the ones no longer used."}
