"""What somebody wrote themselves: without the mail they answer and without their signature.

Each rule is a form that a widespread mailer writes. What none of them knows stays: rather too much than a lost sentence.
"""

from __future__ import annotations

import re

LINES_MAX = 20_000

_DAY = r"(?:\d{4}|星期|周[一二三四五六日天]|Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|\d{1,2}[./月-])"
# A line behind which the mail that is answered follows.
_HEADS = tuple(
    re.compile(one, re.IGNORECASE)
    for one in (
        r"^-{2,}\s*(?:原始邮件|原邮件|原始信件|回复的原邮件|转发的?邮件信息?|Original Message|Original|Forwarded message|Ursprüngliche Nachricht|Message d'origine)\s*-{2,}$",
        rf"^(?:On|Le|Am|Il|El)\b.{{0,40}}{_DAY}.{{0,200}}(?:wrote|a écrit|schrieb.{{0,80}}|ha scritto|escribió)\s*[:：]$",
        rf"^(?:在|于)?\s*.{{0,40}}{_DAY}.{{0,160}}(?:写道|寫道|写到|來信|书写)\s*[:：]$",
        r"^.{1,120}<[^<>@\s]+@[^<>\s]+>\s*(?:于|在|於).{1,80}(?:写道|寫道)\s*[:：]$",
        rf"^.{{0,20}}{_DAY}.{{0,60}}<[^<>@\s]+@[^<>\s]+>\s*[:：]$",
    )
)
# The head of the answered mail, spelled out, as Outlook, Foxmail and QQ do.
_FROM = re.compile(r"^[*>\s]*(?:发件人|寄件者|寄件人|From|Von|De)\s*[:：]\s*\S", re.IGNORECASE)
_OTHER = re.compile(
    r"^[*>\s]*(?:发送时间|发送日期|日期|时间|收件人|主题|抄送|傳送時間|Sent|Date|To|Subject|Cc|Gesendet|An|Betreff)\s*[:：]", re.IGNORECASE
)
_RULE = re.compile(r"^[_\-=]{5,}$")
_QUOTED = re.compile(r"^\s{0,3}>")
_SIGNED = re.compile(
    r"^\s*(?:发自我的\S.{0,30}|发自\s?\S.{0,20}(?:邮箱|手机|iPhone|iPad|大师|客户端)|来自\s?\S.{0,12}(?:邮箱|手机)\S{0,6}|从我的\S.{0,20}(?:发送|发出)|"
    r"(?:Sent|Get|Von meinem|Envoyé) (?:from|de|gesendet|Outlook for).{1,60}|获取 ?Outlook for .{1,20}|从 ?Outlook for .{1,20}获取.{0,10})\s*[。.]?\s*$",
    re.IGNORECASE,
)
SIGNED_LINES_MAX = 6  # such a line is a signature only so near to the end


def own_words(text: str) -> str:
    """The text without quoted history and signature; all of it where nothing else would be left."""
    lines = [line.rstrip() for line in text.replace("\xa0", " ").split("\n")[:LINES_MAX]]
    kept = _without_signature(_without_history(lines))
    return _trimmed(kept) or _trimmed(lines)


def without_signature(text: str) -> str:
    """The text with its history: a mail passed on."""
    lines = [line.rstrip() for line in text.replace("\xa0", " ").split("\n")[:LINES_MAX]]
    return _trimmed(_without_signature(lines)) or _trimmed(lines)


def _without_history(lines: list[str]) -> list[str]:
    for index, line in enumerate(lines):
        if _begins_history(lines, index):
            return _without_tail_of_quotes(lines[:index])
        # "On … wrote:" broken over two lines
        if line.strip() and index + 1 < len(lines) and len(line) < 160 and not _QUOTED.match(line):
            both = f"{line.strip()} {lines[index + 1].strip()}"
            if (
                lines[index + 1].strip().endswith((":", "："))
                and any(one.match(both) for one in _HEADS[1:])
                and re.match(r"(?:On|在|于|Le|Am)\b|.*<", line.strip())
            ):
                return _without_tail_of_quotes(lines[:index])
    return _without_tail_of_quotes(lines)


def _begins_history(lines: list[str], index: int) -> bool:
    line = lines[index].strip()
    if not line:
        return False
    if any(one.match(line) for one in _HEADS):
        return True
    if _RULE.match(line):
        after = [one for one in lines[index + 1 : index + 4] if one.strip()]
        return bool(after) and _FROM.match(after[0]) is not None and any(_OTHER.match(one) for one in lines[index + 2 : index + 8])
    return _FROM.match(line) is not None and any(_OTHER.match(one) for one in lines[index + 1 : index + 4])


def _without_tail_of_quotes(lines: list[str]) -> list[str]:
    """Quoted lines at the end go; those between answers stay, as somebody answers point by point."""
    kept = list(lines)
    while kept and (not kept[-1].strip() or _QUOTED.match(kept[-1])):
        kept.pop()
    return kept


def _without_signature(lines: list[str]) -> list[str]:
    for index in range(len(lines) - 1, -1, -1):
        if lines[index] in ("--", "-- ") and len(lines) - index <= 30 and any(one.strip() for one in lines[:index]):
            lines = lines[:index]
            break
    last = len(lines) - 1
    for index in range(last, max(-1, last - SIGNED_LINES_MAX), -1):
        if _SIGNED.match(lines[index]):
            return lines[:index] + [one for one in lines[index + 1 :] if not _SIGNED.match(one)]
    return lines


def _trimmed(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
