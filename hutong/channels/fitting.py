"""A message made fit for a platform: what it cannot show is said in words or left out with a reason, never sent to fail."""

from __future__ import annotations

from collections.abc import Sequence

from hutong.channels.contract import Data, File, Image, LinkCard, Manifest, Mention, Quote, Refused, Segment, Text

EVERYBODY = {"zh": "所有人", "en": "everyone"}
KINDS = {Text: "text", Mention: "mention", Image: "image", File: "file", LinkCard: "link", Quote: "quote", Data: "data"}


def fit(segments: Sequence[Segment], manifest: Manifest, *, sizes: dict[str, int]) -> tuple[tuple[Segment, ...], list[tuple[str, str]]]:
    """The segments as the platform takes them, and a sentence (zh, en) for each that it cannot take. `sizes`: bytes of kept files.

    Raises Refused when nothing is left, or the text is too long.
    """
    takes = manifest.capabilities.sends
    fitted: list[Segment] = []
    left_out: list[tuple[str, str]] = []
    for segment in segments:
        kind = KINDS[type(segment)]
        if isinstance(segment, (Image, File)):
            size = sizes.get(segment.file, segment.size_bytes or 0)
            name = segment.name or segment.url or kind
            if size > manifest.limits.file_bytes_max:
                most = manifest.limits.file_bytes_max // 1024**2
                left_out.append(
                    (
                        f"附件「{name}」超过 {manifest.zh} 的上限 {most} MB，没有发出。",
                        f"“{name}” is over the {most} MB that {manifest.en} takes; it was left out.",
                    )
                )
                continue
            if kind not in takes and isinstance(segment, Image) and "file" in takes:
                segment, kind = File(file=segment.file, url=segment.url, name=segment.name, content_type=segment.content_type), "file"
            if kind not in takes:
                left_out.append(
                    (
                        f"{manifest.zh} 不能发送这类附件：「{name}」没有发出。",
                        f"{manifest.en} cannot send attachments of this kind: “{name}” was left out.",
                    )
                )
                continue
        elif kind not in takes and not isinstance(segment, Text):
            fitted += _in_words(segment)
            continue
        fitted.append(segment)
    joined = _joined(fitted)
    longest = max((len(segment.text) for segment in joined if isinstance(segment, Text)), default=0)
    if longest > manifest.limits.text_length_max:
        raise Refused(
            "too_large",
            f"文字有 {longest} 个字，{manifest.zh} 最多 {manifest.limits.text_length_max} 个。请缩短后重发。",
            f"The text has {longest} characters; {manifest.en} takes {manifest.limits.text_length_max}. Shorten it and send again.",
        )
    if not any(not isinstance(segment, Quote) for segment in joined):
        zh, en = left_out[0] if left_out else ("消息没有内容。请填写后重发。", "The message is empty. Write something and send again.")
        raise Refused("too_large" if left_out else "content", zh, en)
    return joined, left_out


def plain(segments: Sequence[Segment]) -> str:
    """What a person reads of a message, on lists and for the check of words."""
    return "".join(_words(segment) for segment in segments).strip()


def _words(segment: Segment) -> str:
    if isinstance(segment, Text):
        return segment.text
    if isinstance(segment, Mention):
        return f"@{segment.name or (segment.user_id or EVERYBODY['zh'])} "
    if isinstance(segment, LinkCard):
        return f"{segment.title}\n{segment.url}\n" if segment.title else f"{segment.url}\n"
    if isinstance(segment, (Image, File)):
        return f"[{segment.name or KINDS[type(segment)]}]"
    return segment.type if isinstance(segment, Data) else ""


def _in_words(segment: Segment) -> list[Segment]:
    said = "" if isinstance(segment, (Quote, Data)) else _words(segment)
    return [Text(said)] if said else []


def _joined(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    found: list[Segment] = []
    for segment in segments:
        last = found[-1] if found else None
        if isinstance(segment, Text) and isinstance(last, Text):
            found[-1] = Text(last.text + segment.text)
        elif not isinstance(segment, Text) or segment.text:
            found.append(segment)
    return tuple(found)
