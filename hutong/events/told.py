"""The id of a fact of a group: the same whoever tells it, a file or the platform itself, so that what is told twice counts once."""

from __future__ import annotations

from hashlib import blake2b


def told_about(
    group_id: str,
    kind: str,
    *,
    message_id: str = "",
    at_ms: int = 0,
    sender_id: str = "",
    subject_id: str = "",
    target_id: str = "",
    text: str = "",
) -> bytes:
    """What makes the fact this one and no other. `kind` is a word of `imports.records`; ids are those of the platform."""
    if message_id:
        about = f"{group_id}{kind}\0{message_id}\0{sender_id}\0{text if kind == 'reaction' else ''}\0{target_id}"
    else:
        about = f"{group_id}{kind}\0{at_ms}\0{sender_id}\0{subject_id}\0{target_id}\0{text}"
    return about.encode("utf-8", "surrogatepass")


def told_digest(about: bytes, *, repeat: int = 0) -> bytes:
    """Its id; `repeat` counts facts that nothing tells apart."""
    return blake2b(b"%s\0%d" % (about, repeat) if repeat else about, digest_size=16).digest()
