"""One thing that happened in the story, before it becomes an event of a workspace."""

from __future__ import annotations

import msgspec


class Happening(msgspec.Struct, gc=False):
    """`at` is whole seconds since the first local midnight; `serial` numbers what happens in a group; people and groups by number, no group (the shop) as -1."""

    at: int
    group: int
    serial: int
    name: str
    person: int
    text: str = ""
    message: int = 0  # serial of the message answered, reacted to or recalled
    addressed: int = -1
    attachment: str = ""
    emoji: str = ""
    before: str = ""  # the name before a renaming
    is_question: bool = False
    is_recalled: bool = False
    product: str = ""  # of an order, whose number is `text`
    items: int = 0
    amount: float = 0.0  # yuan
