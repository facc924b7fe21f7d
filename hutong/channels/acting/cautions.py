"""What to know of sending to so many people before it runs: how long platforms make it take, and what they and the law ask for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hutong.channels.reaching import Way, takes_seconds
from hutong.foundation.acting import Caution

SLOW_SECONDS = 600
LINKED = frozenset({"email", "webhook"})  # platforms that show the way out by themselves


def of_accounts(some: Sequence[Way], people: int, *, kind: str) -> Iterator[Caution]:
    """For each account, as if all of them were written to through it."""
    if not some:
        yield Caution(
            field="accounts", zh="没有可以发送的账号，请先在渠道页连接。", en="No account can send. Connect one under Channels first.", is_error=True
        )
    for way in some:
        name, said = way.account.name, way.manifest.capabilities
        if way.account.state != "active":
            yield Caution(
                field="accounts", zh=f"「{name}」现在没有连接，消息会等到它恢复。", en=f"“{name}” is not connected now; messages wait until it is."
            )
        seconds = takes_seconds(way, people, kind=kind)
        if seconds > SLOW_SECONDS:
            zh, en = _span(seconds)
            yield Caution(
                field="accounts", zh=f"「{name}」受平台速率限制，发给 {people:,} 人至少要 {zh}。",
                en=f"By the platform's limits “{name}” takes at least {en} for {people:,} people.",
            )  # fmt: skip
        if said.send == "needs_human_confirm":
            yield Caution(
                field="accounts", zh=f"{way.manifest.zh} 的每次发送都要员工在平台上确认。",
                en=f"Every send through {way.manifest.en} has to be confirmed by staff on the platform.",
            )  # fmt: skip
        if said.send == "reply_window":
            yield Caution(
                field="accounts", zh=f"{way.manifest.zh} 只能在对方发言后的一段时间内发送，窗口过了就发不出去。",
                en=f"{way.manifest.en} only lets you write for some time after they wrote; after that nothing goes out.",
            )  # fmt: skip
        elif kind == "dm" and not said.opens_dm:
            yield Caution(
                field="accounts", zh=f"{way.manifest.zh} 上只能发给先和「{name}」说过话的人。",
                en=f"On {way.manifest.en} only those who wrote to “{name}” before can be reached.",
            )  # fmt: skip


def of_marketing(some: Sequence[Way], *, is_there: bool, has_link: bool) -> Iterator[Caution]:
    """Whom it goes to, and how they say that they want no more."""
    if is_there:
        yield Caution(field="purpose", zh="营销消息会出现在群里，退订了的人也看得到。", en="Marketing in a group is seen by those too who opted out.")
        return
    without = [way.manifest for way in some if way.account.platform not in LINKED]
    if without and not has_link:
        zh, en = "、".join(dict.fromkeys(one.zh for one in without)), ", ".join(dict.fromkeys(one.en for one in without))
        yield Caution(
            field="parts", zh=f"在 {zh} 上，消息里没有退订的办法。请加入字段 {{{{unsubscribe_url}}}}，或说明怎样退订。",
            en=f"On {en} the message shows no way to opt out. Insert the field {{{{unsubscribe_url}}}}, or say how.",
        )  # fmt: skip


def _span(seconds: int) -> tuple[str, str]:
    if seconds >= 2 * 86_400:
        return f"{seconds / 86_400:.1f} 天", f"{seconds / 86_400:.1f} days"
    if seconds >= 2 * 3600:
        return f"{seconds / 3600:.1f} 小时", f"{seconds / 3600:.1f} hours"
    return f"{round(seconds / 60)} 分钟", f"{round(seconds / 60)} minutes"
