"""Messages with personal fields 个人字段: `{{name|朋友}}` stands for the member's name, and for 朋友 where none is known.

A draft is checked once, when it is saved (`read`), and filled for each person (`Draft.fill`) with what was looked up for many at once (`look_up`).
What a field gives is text, never markup and never another field. A field without value and without fallback is left out.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from hutong.channels.contract import LinkCard, Segment, Text
from hutong.foundation.errors import Invalid
from hutong.foundation.text import storable
from hutong.members import bulk
from hutong.members.models import AttributeValue, Member
from hutong.members.queries.profile import attributes

ATTRIBUTE = "attribute."
NAME = "name"
OF_MEMBER = {NAME: ("成员名称", "Member's name")}
OF_PLACE = {"group": ("群名", "Group"), "community": ("社群名", "Community")}
FALLBACK_LENGTH_MAX = 100
VALUE_LENGTH_MAX = 200

_FIELD = re.compile(r"\{\{\s*([a-z][a-z0-9_.]*)\s*(?:\|([^{}]*))?\}\}")
_BRACES = re.compile(r"\{\{|\}\}")
_SAID = ("text", "title", "description", "url")  # of a segment, where fields may stand

Values = Mapping[str, str]  # field -> what stands for it


@dataclass(frozen=True, slots=True)
class Field:
    """A field that may be inserted, named in both languages."""

    name: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class _Hole:
    name: str
    fallback: str


_Parts = tuple[str | _Hole, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that was checked. `fields` are the names of those that occur."""

    segments: tuple[Segment, ...]
    fields: frozenset[str] = frozenset()
    _holes: dict[tuple[int, str], _Parts] = field(default_factory=dict)

    def fill(self, values: Values) -> tuple[Segment, ...]:
        """The message to one person."""
        if not self._holes:
            return self.segments
        filled = list(self.segments)
        changes: dict[int, dict[str, str]] = {}
        for (index, attribute), parts in self._holes.items():
            said = "".join(part if type(part) is str else values.get(part.name) or part.fallback for part in parts)  # type: ignore[union-attr]
            changes.setdefault(index, {})[attribute] = said
        for index, some in changes.items():
            filled[index] = msgspec.structs.replace(filled[index], **some)
        return tuple(filled)


def fields(workspace_id: uuid.UUID) -> list[Field]:
    """Every field a draft of this workspace may use, in the order in which they are offered."""
    known = [Field(name, zh, en) for name, (zh, en) in (OF_MEMBER | OF_PLACE).items()]
    return known + [Field(ATTRIBUTE + one.key, one.name_zh, one.name_en) for one in attributes(workspace_id)]


def read(workspace_id: uuid.UUID, segments: Sequence[Segment], *, also: Iterable[str] = (), where: str = "segments") -> Draft:
    """Check a draft. `also` names fields that the caller fills itself. Raises Invalid at `<where>.<index>.<attribute>`."""
    known: frozenset[str] | None = None
    holes: dict[tuple[int, str], _Parts] = {}
    errors: list[dict[str, object]] = []
    found: set[str] = set()
    for index, segment in enumerate(segments):
        for attribute, said in _texts(segment):
            if "{{" not in said and "}}" not in said:
                continue
            if known is None:
                known = frozenset(one.name for one in fields(workspace_id)) | frozenset(also)
            parts, problem = _parts(said, known)
            if problem is not None:
                errors.append({"field": f"{where}.{index}.{attribute}", "message": {"zh": problem[0], "en": problem[1]}})
            holes[index, attribute] = parts
            found.update(part.name for part in parts if isinstance(part, _Hole))
    if errors:
        raise Invalid(errors=errors)
    return Draft(tuple(segments), frozenset(found), holes)


def _texts(segment: Segment) -> Iterator[tuple[str, str]]:
    if isinstance(segment, (Text, LinkCard)):
        for attribute in _SAID:
            said = getattr(segment, attribute, "")
            if said:
                yield attribute, said


def _parts(said: str, known: frozenset[str]) -> tuple[_Parts, tuple[str, str] | None]:
    parts: list[str | _Hole] = []
    at = 0
    for match in _FIELD.finditer(said):
        name, fallback = match[1], match[2] or ""
        if name not in known:
            return (), (f"没有名为「{name}」的字段。", f"There is no field “{name}”.")
        if len(fallback) > FALLBACK_LENGTH_MAX:
            return (), (
                f"字段「{name}」的替代文字最多 {FALLBACK_LENGTH_MAX} 个字。",
                f"The fallback of “{name}” has at most {FALLBACK_LENGTH_MAX} characters.",
            )
        parts += [said[at : match.start()], _Hole(name, fallback.strip())]
        at = match.end()
    parts.append(said[at:])
    if any(_BRACES.search(part) for part in parts if isinstance(part, str)):
        return (), (
            "双花括号没有配对，或其中不是字段。字段写作 {{name|朋友}}。",
            "Double braces do not match, or hold no field. A field is written {{name|friend}}.",
        )
    return tuple(part for part in parts if part), None


def look_up(workspace_id: uuid.UUID, member_ids: Sequence[uuid.UUID], names: Iterable[str]) -> dict[uuid.UUID, dict[str, str]]:
    """What stands for these fields, for each of the members: their names and attributes. Fields of other kinds are the caller's."""
    wanted = set(names)
    keys = [name.removeprefix(ATTRIBUTE) for name in wanted if name.startswith(ATTRIBUTE)]
    found: dict[uuid.UUID, dict[str, str]] = {member_id: {} for member_id in member_ids}
    if NAME in wanted:
        for member_id, name in bulk.pick(Member, ["name"], "id", member_ids, workspace_id=workspace_id):
            found[member_id][NAME] = _line(name)
    for some in bulk.chunks(member_ids):
        if keys:
            rows = AttributeValue.objects.in_workspace(workspace_id).filter(member_id__in=some, attribute__key__in=keys)
            for member_id, key, value in rows.values_list("member_id", "attribute__key", "value"):
                found[member_id][ATTRIBUTE + key] = _line(said(value))
    return found


def said(value: object) -> str:
    """A value of an attribute as it is said in a message."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "、".join(map(said, value)) if isinstance(value, list) else str(value)


def _line(text: str) -> str:
    """One line without control characters: a name must not break the message it stands in."""
    return storable(" ".join(text.split()))[:VALUE_LENGTH_MAX]
