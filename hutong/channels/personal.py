"""Messages with personal fields 个人字段: `{{name|朋友}}` stands for the member's name, and for 朋友 where none is known.

A draft is checked once, when it is saved (`read`), and filled for each person (`Draft.fill`) with what was looked up for many at once (`look_up`).
What a field gives is text, never markup and never another field. A field without value and without fallback is left out.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import msgspec

from hutong.channels.contract import LinkCard, Segment, Text
from hutong.communities.models import Community, Group
from hutong.foundation.acting import Outcome, Person
from hutong.foundation.errors import Invalid
from hutong.foundation.fields import ANY_OF_EVENT, Parts, Values, is_of_event, of_event, one_line, said
from hutong.foundation.fields import fill as filled
from hutong.foundation.fields import names as names_of
from hutong.foundation.fields import read as parts_of
from hutong.foundation.fields import required as required_of
from hutong.members import bulk
from hutong.members.models import Attribute, AttributeValue, Member
from hutong.members.queries.profile import attributes

ATTRIBUTE = "attribute."
NAME = "name"
OF_MEMBER = {NAME: ("成员名称", "Member's name")}
OF_PLACE = {"group": ("群名", "Group"), "community": ("社群名", "Community")}

_decode = msgspec.json.Decoder().decode
_SAID = ("text", "title", "description", "url")  # of a segment, where fields may stand


@dataclass(frozen=True, slots=True)
class Field:
    """A field that may be inserted, named in both languages."""

    name: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that was checked. `fields` are the names of those that occur, `required` of those without a fallback."""

    segments: tuple[Segment, ...]
    fields: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    _holes: dict[tuple[int, str], Parts] = field(default_factory=dict)

    def fill(self, values: Values) -> tuple[Segment, ...]:
        """The message to one person."""
        if not self._holes:
            return self.segments
        segments = list(self.segments)
        changes: dict[int, dict[str, str]] = {}
        for (index, attribute), parts in self._holes.items():
            changes.setdefault(index, {})[attribute] = filled(parts, values)
        for index, some in changes.items():
            segments[index] = msgspec.structs.replace(segments[index], **some)
        return tuple(segments)


def fields(workspace_id: uuid.UUID) -> list[Field]:
    """Every field a draft of this workspace may use, in the order in which they are offered."""
    known = [Field(name, zh, en) for name, (zh, en) in (OF_MEMBER | OF_PLACE).items()]
    return known + [Field(ATTRIBUTE + one.key, one.name_zh, one.name_en) for one in attributes(workspace_id)]


def read(workspace_id: uuid.UUID, segments: Sequence[Segment], *, also: Iterable[str] = (), where: str = "segments") -> Draft:
    """Check a draft. `also` names fields that the caller fills itself. Raises Invalid at `<where>.<index>.<attribute>`."""
    draft, errors = _drafted(segments, _known(workspace_id, also), where)
    if errors:
        raise Invalid(errors=errors)
    return draft


def again(segments: Sequence[Segment]) -> Draft:
    """A draft that was checked when it was kept. Fields that are gone since have no value."""
    return _drafted(segments, lambda _name: True, "")[0]


def line(workspace_id: uuid.UUID, text: str, *, where: str, also: Iterable[str] = ()) -> Parts:
    """Check text of its own in which fields stand. Raises Invalid at `where`."""
    parts, problem = parts_of(text, _known(workspace_id, also))
    if problem is not None:
        raise Invalid.field(where, *problem)
    return parts


def _known(workspace_id: uuid.UUID, also: Iterable[str]) -> Callable[[str], bool]:
    """Whether a field may be used; those of the workspace are looked up when the first is asked about."""
    more = frozenset(also)
    known: set[str] = set()

    def is_known(name: str) -> bool:
        if not known:
            known.update(more, (one.name for one in fields(workspace_id)))
        return name in known or (is_of_event(name) and ANY_OF_EVENT in more)

    return is_known


def _drafted(segments: Sequence[Segment], is_known: Callable[[str], bool], where: str) -> tuple[Draft, list[dict[str, object]]]:
    holes: dict[tuple[int, str], Parts] = {}
    errors: list[dict[str, object]] = []
    for index, segment in enumerate(segments):
        for attribute, text in _texts(segment):
            if "{{" not in text and "}}" not in text:
                continue
            parts, problem = parts_of(text, is_known)
            if problem is not None:
                errors.append({"field": f"{where}.{index}.{attribute}", "message": {"zh": problem[0], "en": problem[1]}})
            holes[index, attribute] = parts
    everything = [part for parts in holes.values() for part in parts]
    return Draft(tuple(segments), frozenset(names_of(everything)), frozenset(required_of(everything)), holes), errors


def _texts(segment: Segment) -> Iterator[tuple[str, str]]:
    if isinstance(segment, (Text, LinkCard)):
        for attribute in _SAID:
            text = getattr(segment, attribute, "")
            if text:
                yield attribute, text


def look_up(workspace_id: uuid.UUID, member_ids: Sequence[uuid.UUID], names: Iterable[str]) -> dict[uuid.UUID, dict[str, str]]:
    """What stands for these fields, for each of the members: their names and attributes. Fields of other kinds are the caller's."""
    wanted = set(names)
    keys = [name.removeprefix(ATTRIBUTE) for name in wanted if name.startswith(ATTRIBUTE)]
    found: dict[uuid.UUID, dict[str, str]] = {member_id: {} for member_id in member_ids}
    if NAME in wanted:
        for member_id, name in bulk.pick(Member, ["name"], "id", member_ids, workspace_id=workspace_id):
            found[member_id][NAME] = one_line(name)
    kinds = Attribute.objects.in_workspace(workspace_id).filter(key__in=keys).values_list("pk", "key") if keys else ()
    for pk, key in kinds:
        for member_id, value in bulk.pick(AttributeValue, ["value"], "member", member_ids, workspace_id=workspace_id, also={"attribute": pk}):
            found[member_id][ATTRIBUTE + key] = one_line(said(_decode(value)))
    return found


def for_people(workspace_id: uuid.UUID, people: Sequence[Person], names: Iterable[str]) -> list[dict[str, str]]:
    """What stands for these fields, for each person in their order: what is known of them, what happened, and where."""
    wanted = set(names)
    if not wanted:
        return [{} for _ in people]
    known = look_up(workspace_id, list(dict.fromkeys(one.member_id for one in people)), wanted)
    events = [name for name in wanted if is_of_event(name)]
    places = _places(workspace_id, people) if wanted & OF_PLACE.keys() else {}
    return [
        known[one.member_id] | of_event(one.occasion, events) | places.get(one.occasion.group_id or one.occasion.community_id, {}) for one in people
    ]


def _places(workspace_id: uuid.UUID, people: Sequence[Person]) -> dict[uuid.UUID | None, dict[str, str]]:
    found: dict[uuid.UUID | None, dict[str, str]] = {}
    for some in bulk.chunks({one.occasion.group_id for one in people if one.occasion.group_id}):
        rows = Group.objects.in_workspace(workspace_id).filter(pk__in=some).values_list("pk", "name", "community__name")
        found |= {pk: {"group": one_line(name), "community": one_line(community)} for pk, name, community in rows}
    for some in bulk.chunks({one.occasion.community_id for one in people if one.occasion.community_id}):
        named = Community.objects.in_workspace(workspace_id).filter(pk__in=some).values_list("pk", "name")
        found |= {pk: {"community": one_line(name)} for pk, name in named}
    return found


def refusal(name: str) -> Outcome:
    """For somebody of whom a field is not known that has no fallback."""
    return Outcome(
        "refused",
        f"字段「{name}」对这位成员没有值，也没有替代文字。",
        f"Nothing is known for the field “{name}” of this member, and it has no fallback.",
        "missing_field",
    )
