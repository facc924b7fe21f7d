"""Rows to members: whom a row means, and what it changes, one row after the other, so that later rows see what earlier ones made.

The check and the run plan in the same way; the run then writes what is planned, the check only notes it in the memory.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import msgspec

from hutong.foundation import clock, ids
from hutong.imports.models import Import
from hutong.imports.records import Reject, reject
from hutong.imports.tables import cells
from hutong.imports.tables.entries import Entry, Fact, key_of
from hutong.imports.tables.memory import Found, Memory
from hutong.members import bulk
from hutong.members.actions import origins
from hutong.members.actions.identities import Key
from hutong.members.actions.in_bulk import NewIdentity, NewMember
from hutong.members.models import Attribute, AttributeValue, Identity, Member
from hutong.segments.models import MemberTag

Outcome = Literal["made", "updated", "unchanged", "skipped"]
SHARED = ("phone", "email")  # an identity and an attribute of these are one key
_NAME = "name"
_TAG = "tag "  # field of the memory: with the tag's name
_FOUND_AT_ONCE = 5_000


class Person(msgspec.Struct, gc=False):
    """A member as the rows so far leave them. `values` are those shown; what is put goes to `origin_id`."""

    member_id: uuid.UUID
    origin_id: uuid.UUID
    name: str
    values: dict[uuid.UUID, Any]
    is_new: bool = False
    tags: set[str] = msgspec.field(default_factory=set)


class Plan(msgspec.Struct):
    """All that a batch of rows changes."""

    members: dict[uuid.UUID, NewMember] = msgspec.field(default_factory=dict)
    identities: list[NewIdentity] = msgspec.field(default_factory=list)
    values: dict[uuid.UUID, dict[uuid.UUID, Any]] = msgspec.field(default_factory=dict)  # origin -> attribute -> value
    names: dict[uuid.UUID, str] = msgspec.field(default_factory=dict)  # member -> name
    seen: dict[uuid.UUID, tuple[int, int]] = msgspec.field(default_factory=dict)  # origin -> first, last
    tags: dict[uuid.UUID, list[str]] = msgspec.field(default_factory=dict)  # origin -> tags
    keys: list[tuple[str, Found]] = msgspec.field(default_factory=list)
    values_changed: int = 0  # of members that were there: values, names, identities, tags


class Planner:
    """Plans the rows of one list, batch by batch."""

    def __init__(self, batch: Import, memory: Memory, facts: dict[str, Fact], *, only_check: bool) -> None:
        chosen = batch.options["table"]
        self.workspace_id = batch.workspace_id
        self.memory = memory
        self.only_check = only_check
        self.is_orders = batch.kind == "orders"
        self.overwrites = chosen["when_found"] == "overwrite"
        self.changes_known = chosen["when_found"] != "skip" and not self.is_orders
        self.has_tags = "tags" in chosen["mapping"].values()
        self.makes = chosen["when_missing"] == "make"
        self.at_ms = clock.to_ms(batch.started_at or batch.created_at)
        self.by_id = {fact.attribute_id: fact for fact in facts.values()}
        self.key_targets: list[str] = chosen["keys"]
        self.ids = {fact.key: fact.attribute_id for fact in facts.values()}
        self.plan = Plan()
        self.placed: Person | None = None  # whom the row placed last means
        self._found: dict[str, list[Found]] = {}
        self._owners: dict[Key, Found] = {}
        self._people: dict[uuid.UUID, Person] = {}
        self._remember_values()

    def begin(self, entries: Sequence[Entry]) -> None:
        """Look up everybody the entries may mean. What was planned before is forgotten."""
        self.plan = Plan()
        self._found = self.memory.find({space for entry in entries for _, key in entry.keys for space in _spaces(key)})
        self._owners = {}
        given = {key for entry in entries for key in entry.identities}
        for key, found in self._known_identities(given).items():
            self._owners[key] = found
        noted = self.memory.find(f"\x1e{channel}\x1f{external}" for channel, external in given)
        for text, some in noted.items():
            channel, _, external = text[1:].partition("\x1f")
            self._owners[channel, external] = some[0]
        for (channel, external), found in self._owners.items():
            self._add_found(_spaces(key_of(f"identity:{channel}", external))[0], found)
        self._load({one for some in self._found.values() for one in some} | set(self._owners.values()))

    def place(self, entry: Entry) -> Outcome | Reject:
        """Whom the row means and what it changes; a reject where that cannot be said."""
        self.placed = None
        person = self._match(entry)
        if isinstance(person, Reject):
            return person
        if person is None and not self.makes:
            return "skipped"
        for key in entry.identities:
            owner = self._owners.get(key)
            if owner is not None and (person is None or self._root(owner.member_id) != person.member_id):
                return reject(entry.number, "identity_held", entry.excerpt, channel=key[0], value=cells.shown(key[1]))
        if person is None:
            self.placed = self._make(entry)
            return "made"
        self.placed = person
        if entry.order is not None:
            self._see(person, entry.order.at_ms)
        if not self.changes_known:
            return "unchanged" if self.is_orders else "skipped"
        changed = self._update(person, entry)
        self.plan.values_changed += changed
        return "updated" if changed else "unchanged"

    def end(self) -> Plan:
        """What the batch changes; the keys it brought are remembered, and in a check everything else too."""
        plan = self.plan
        self.memory.learn(plan.keys)
        if self.only_check:
            self.memory.learn((f"\x1e{one.key[0]}\x1f{one.key[1]}", Found(one.member_id, one.origin_id)) for one in plan.identities)
            self.memory.note((one.id, _NAME, one.name) for one in plan.members.values())
            self.memory.note((member_id, _NAME, name) for member_id, name in plan.names.items())
            self.memory.note(
                (self._shown(origin_id), str(attribute_id), value) for origin_id, some in plan.values.items() for attribute_id, value in some.items()
            )
            self.memory.note((self._shown(origin_id), f"{_TAG}{name}", True) for origin_id, names in plan.tags.items() for name in names)
        return plan

    def _match(self, entry: Entry) -> Person | Reject | None:
        candidates: dict[uuid.UUID, Found] | None = None
        first_column = ""
        for column, key in entry.keys:
            found = {self._root(one.member_id): one for space in _spaces(key) for one in self._found.get(space, ()) if self._holds(one, space)}
            if not found:
                continue
            if candidates is None:
                candidates, first_column = found, column
                continue
            both = {root: one for root, one in candidates.items() if root in found}
            if not both:
                return reject(
                    entry.number, "two_members", entry.excerpt, column=first_column, other=column,
                    first=self._named(candidates), second=self._named(found),
                )  # fmt: skip
            candidates = both
        if candidates is None:
            return None
        if len(candidates) > 1:
            return reject(entry.number, "several_members", entry.excerpt, column=first_column, members=len(candidates), names=self._named(candidates))
        ((root, one),) = candidates.items()
        person = self._people[root]
        person.origin_id = one.origin_id
        return person

    def _make(self, entry: Entry) -> Person:
        member_id = ids.new()
        at = entry.order.at_ms if entry.order is not None else self.at_ms
        named = entry.name or next((external for _, external in entry.identities), "") or next((str(value) for value in entry.values.values()), "")
        self.plan.members[member_id] = NewMember(member_id, named, bool(entry.name), at, at)
        person = self._people[member_id] = Person(member_id, member_id, named, dict(entry.values), is_new=True)
        if entry.values:
            self.plan.values[member_id] = dict(entry.values)
        self._tag(person, entry.tags)
        self._attach(person, entry.identities, at)
        self._learn(entry, person)
        return person

    def _update(self, person: Person, entry: Entry) -> int:
        changed = 0
        for attribute_id, value in entry.values.items():
            had = person.values.get(attribute_id)
            if had is not None and (not self.overwrites or self._same(attribute_id, had, value)):
                continue
            person.values[attribute_id] = value
            self.plan.values.setdefault(person.origin_id, {})[attribute_id] = value
            changed += 1
        if entry.name and entry.name != person.name and (self.overwrites or self._is_nameless(person, entry)):
            person.name = entry.name
            self.plan.names[person.member_id] = entry.name
            changed += 1
        fresh = [key for key in entry.identities if key not in self._owners]
        self._attach(person, fresh, self.at_ms)
        self._learn(entry, person)
        return changed + len(fresh) + self._tag(person, entry.tags)

    def _tag(self, person: Person, names: Sequence[str]) -> int:
        fresh = [name for name in names if name not in person.tags]
        if fresh:
            person.tags.update(fresh)
            self.plan.tags.setdefault(person.origin_id, []).extend(fresh)
        return len(fresh)

    def _attach(self, person: Person, keys: Iterable[Key], at_ms: int) -> None:
        for key in keys:
            self._owners[key] = Found(person.member_id, person.origin_id)
            self.plan.identities.append(NewIdentity(ids.new(), person.member_id, person.origin_id, key, "", at_ms))

    def _learn(self, entry: Entry, person: Person) -> None:
        """What the row's keys find from now on: what it has put, not what it only says."""
        found = Found(person.member_id, person.origin_id)
        for channel, external in entry.identities:
            self._note_key(_spaces(key_of(f"identity:{channel}", external))[0], found)
        for target in self.key_targets:
            kind, _, key = target.partition(":")
            if kind != "attribute":
                continue
            for attribute_id, value in entry.values.items():
                fact = self.by_id.get(attribute_id)
                if fact is not None and fact.key == key and person.values.get(attribute_id) == value:
                    self._note_key(_spaces(key_of(target, value))[-1], found)

    def _holds(self, found: Found, space: str) -> bool:
        """Whether what the key was found by is still so: an earlier row may have put another value."""
        kind, _, rest = space.partition(":")
        attribute_id = self.ids.get(rest.partition("\x1f")[0]) if kind == "attribute" else None
        if attribute_id is None:
            return True
        had = self._people[self._root(found.member_id)].values.get(attribute_id)
        target = space.partition("\x1f")[0]
        return had is not None and _spaces(key_of(target, had))[-1] == space

    def _note_key(self, key: str, found: Found) -> None:
        if self._add_found(key, found):
            self.plan.keys.append((key, found))

    def _add_found(self, key: str, found: Found) -> bool:
        some = self._found.setdefault(key, [])
        if any(one.member_id == found.member_id for one in some):
            return False
        some.append(found)
        return True

    def _see(self, person: Person, at_ms: int) -> None:
        if person.is_new and person.member_id in self.plan.members:
            made = self.plan.members[person.member_id]
            self.plan.members[person.member_id] = NewMember(
                made.id, made.name, made.is_name_fixed, min(made.first_ms, at_ms), max(made.last_ms, at_ms)
            )
            return
        first, last = self.plan.seen.get(person.origin_id, (at_ms, at_ms))
        self.plan.seen[person.origin_id] = (min(first, at_ms), max(last, at_ms))

    def _same(self, attribute_id: uuid.UUID, had: Any, value: Any) -> bool:
        fact = self.by_id[attribute_id]
        if fact.key in SHARED:
            return key_of(f"attribute:{fact.key}", had) == key_of(f"attribute:{fact.key}", value)
        return (type(had) is type(value) and had == value) or (_is_number(had) and _is_number(value) and had == value)

    def _is_nameless(self, person: Person, entry: Entry) -> bool:
        """Whether the member bears only an id for a name."""
        return person.name in {external for _, external in entry.identities} or person.name in {str(value) for value in entry.values.values()}

    def _named(self, found: dict[uuid.UUID, Found]) -> str:
        return "、".join(cells.shown(self._people[root].name) for root in list(found)[:3])

    def _root(self, member_id: uuid.UUID) -> uuid.UUID:
        return self._roots.get(member_id, member_id)

    def _shown(self, origin_id: uuid.UUID) -> uuid.UUID:
        return self._by_origin.get(origin_id, origin_id)

    def _load(self, found: set[Found]) -> None:
        """Everybody found, as they are; members merged away meanwhile stand for who shows for them, removed ones for nobody."""
        self._people, self._roots, self._by_origin = {}, {}, {}
        rows: dict[uuid.UUID, str] = {}
        wanted = {one.member_id for one in found}
        for chunk in bulk.chunks(wanted):
            for pk, name, above in Member.objects.in_workspace(self.workspace_id).filter(pk__in=chunk).values_list("pk", "name", "merged_into_id"):
                if above is not None:
                    shown = origins.root(self.workspace_id, pk)
                    self._roots[pk] = shown
                    rows[shown] = Member.objects.in_workspace(self.workspace_id).values_list("name", flat=True).get(pk=shown)
                else:
                    rows[pk] = name
        noted = self.memory.noted(wanted | rows.keys()) if self.only_check else {}
        for pk, some in noted.items():
            if pk not in rows and _NAME in some and pk not in self._roots:
                rows[pk] = some[_NAME]
        for pk, name in rows.items():
            self._people[pk] = Person(pk, pk, name, {})
        for chunk in bulk.chunks(rows):
            values = AttributeValue.objects.in_workspace(self.workspace_id).filter(member_id__in=chunk, attribute_id__in=list(self.by_id))
            for member_id, attribute_id, value in values.values_list("member_id", "attribute_id", "value"):
                self._people[member_id].values[attribute_id] = value
            if self.has_tags:
                tags = MemberTag.objects.in_workspace(self.workspace_id).filter(member_id__in=chunk)
                for member_id, name in tags.values_list("member_id", "tag__name"):
                    self._people[member_id].tags.add(name)
        for pk, some in noted.items():
            person = self._people.get(self._root(pk))
            for field, value in some.items():
                if person is not None and field == _NAME:
                    person.name = value
                elif person is not None and field.startswith(_TAG):
                    person.tags.add(field.removeprefix(_TAG))
                elif person is not None:
                    person.values[uuid.UUID(field)] = value
        for one in found:
            self._by_origin[one.origin_id] = self._root(one.member_id)
        gone = wanted - rows.keys() - self._roots.keys()
        if gone:
            self._found = {key: [one for one in some if one.member_id not in gone] for key, some in self._found.items()}
            self._owners = {key: one for key, one in self._owners.items() if one.member_id not in gone}

    _roots: dict[uuid.UUID, uuid.UUID]
    _by_origin: dict[uuid.UUID, uuid.UUID]

    def _known_identities(self, given: set[Key]) -> dict[Key, Found]:
        by_channel: dict[str, list[str]] = {}
        for channel, external in given:
            by_channel.setdefault(channel, []).append(external)
        found: dict[Key, Found] = {}
        for channel, some in by_channel.items():
            for chunk in bulk.chunks(some):
                rows = Identity.objects.in_workspace(self.workspace_id).filter(channel=channel, external_id__in=chunk)
                for external, member_id, origin_id in rows.values_list("external_id", "member_id", "origin_id"):
                    found[channel, external] = Found(member_id, origin_id)
        return found

    def _remember_values(self) -> None:
        """Put on the disk who is found by attributes, and by phones and addresses in whatever form they were written."""
        for target in self.key_targets:
            kind, _, name = target.partition(":")
            if name in SHARED:
                self._remember_identities(f"identity:{name}", name)
                self._remember_attribute(f"attribute:{name}", name)
            elif kind == "attribute":
                self._remember_attribute(target, name)

    def _remember_attribute(self, target: str, key: str) -> None:
        attribute_id = Attribute.objects.in_workspace(self.workspace_id).filter(key=key).values_list("pk", flat=True).first()
        if attribute_id is None:
            return
        rows = AttributeValue.objects.in_workspace(self.workspace_id).filter(attribute_id=attribute_id).values_list("member_id", "value")
        for some in bulk.chunks(rows.iterator(chunk_size=_FOUND_AT_ONCE), size=_FOUND_AT_ONCE):
            self.memory.learn((_spaces(key_of(target, value))[-1], Found(member_id, member_id)) for member_id, value in some)

    def _remember_identities(self, target: str, channel: str) -> None:
        rows = Identity.objects.in_workspace(self.workspace_id).filter(channel=channel).values_list("external_id", "member_id", "origin_id")
        for some in bulk.chunks(rows.iterator(chunk_size=_FOUND_AT_ONCE), size=_FOUND_AT_ONCE):
            self.memory.learn((_spaces(key_of(target, external))[0], Found(member_id, origin_id)) for external, member_id, origin_id in some)


def _spaces(key: str) -> tuple[str, ...]:
    """Under what a key is remembered: one of the shared kind by identities and by attributes."""
    kind, _, value = key.partition("\x1f")
    return (f"identity:{kind}\x1f{value}", f"attribute:{kind}\x1f{value}") if kind in SHARED else (key,)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
