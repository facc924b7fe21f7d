"""Facts kept about members: which kinds there are, and setting and clearing them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction

from hutong.foundation import clock, ids, stream
from hutong.foundation.errors import Invalid, NotFound
from hutong.foundation.stream import Fact
from hutong.foundation.text import many_lines, one_line
from hutong.members import alone, projection, values
from hutong.members.actions import origins
from hutong.members.attributes import standard
from hutong.members.errors import AttributeExists, MemberGone, StandardAttributeFixed, TooManyAttributes
from hutong.members.models import ATTRIBUTE_TYPES, Attribute, AttributeValue, Member, OriginState
from hutong.workspaces import audit
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace

KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
NAME_LENGTH_MAX = 60
DESCRIPTION_LENGTH_MAX = 300
CUSTOM_MAX = 200


def ensure_standard(workspace_id: uuid.UUID) -> dict[str, Attribute]:
    """The standard attributes of a workspace by key, made where missing."""
    there = {row.key: row for row in Attribute.objects.in_workspace(workspace_id).filter(is_standard=True)}
    for key, one in standard().items():
        if key not in there:
            there[key], _ = Attribute.objects.in_workspace(workspace_id).get_or_create(
                workspace_id=workspace_id, key=key, defaults={"name_zh": one.zh, "name_en": one.en, "type": one.type, "is_standard": True}
            )
    return there


def define(
    workspace: Workspace, *, actor: Actor, key: str, name_zh: str, name_en: str, kind: str, description: str = "", options: Sequence[str] = ()
) -> Attribute:
    """Add a custom attribute. Its key and type stay for ever. With `options` (of text and lists) there are no other values."""
    if not KEY.fullmatch(key):
        raise Invalid.field("key", "只能用小写字母、数字和 _，以字母开头。", "Lower-case letters, digits and _, starting with a letter.")
    if kind not in ATTRIBUTE_TYPES:
        raise Invalid.field("type", f"只能是 {'、'.join(ATTRIBUTE_TYPES)}。", f"Must be one of {', '.join(ATTRIBUTE_TYPES)}.")
    made = Attribute(
        workspace=workspace, key=key, type=kind,
        name_zh=one_line("name_zh", name_zh, length_max=NAME_LENGTH_MAX), name_en=one_line("name_en", name_en, length_max=NAME_LENGTH_MAX),
        description=many_lines("description", description, length_max=DESCRIPTION_LENGTH_MAX), options=values.options(kind, options),
    )  # fmt: skip
    if key in standard():
        raise AttributeExists(key=key)
    with transaction.atomic():
        if Attribute.objects.in_workspace(workspace).filter(is_standard=False).count() >= CUSTOM_MAX:
            raise TooManyAttributes(limit=CUSTOM_MAX)
        try:
            with transaction.atomic():
                made.save()
        except IntegrityError as error:
            raise AttributeExists(key=key) from error
        audit.write(workspace, actor=actor, action="attribute.create", target=made, target_name=key)
    return made


def change(
    workspace: Workspace, *, actor: Actor, key: str, name_zh: str | None = None, name_en: str | None = None, description: str | None = None,
    options: Sequence[str] | None = None,
) -> Attribute:  # fmt: skip
    """Rename or describe a custom attribute, or say which values it may have: values that are there already stay."""
    with transaction.atomic():
        attribute = _custom(workspace, key)
        wanted = {
            "name_zh": None if name_zh is None else one_line("name_zh", name_zh, length_max=NAME_LENGTH_MAX),
            "name_en": None if name_en is None else one_line("name_en", name_en, length_max=NAME_LENGTH_MAX),
            "description": None if description is None else many_lines("description", description, length_max=DESCRIPTION_LENGTH_MAX),
            "options": None if options is None else values.options(attribute.type, options),
        }
        changed = {field: [getattr(attribute, field), new] for field, new in wanted.items() if new is not None and new != getattr(attribute, field)}
        if changed:
            for field, (_, new) in changed.items():
                setattr(attribute, field, new)
            attribute.save(update_fields=list(changed))
            audit.write(workspace, actor=actor, action="attribute.change", target=attribute, target_name=key, details={"changed": changed})
    return attribute


def remove(workspace: Workspace, *, actor: Actor, key: str) -> int:
    """Take a custom attribute away with every value of it; how many members had one."""
    with transaction.atomic():
        attribute = _custom(workspace, key)
        count = AttributeValue.objects.in_workspace(workspace).filter(attribute=attribute).count()
        audit.write(workspace, actor=actor, action="attribute.delete", target=attribute, target_name=key, details={"values": count})
        holders = list(AttributeValue.objects.in_workspace(workspace).filter(attribute=attribute).values_list("member_id", flat=True))
        attribute.delete()
        projection.mark_values(workspace.pk, key, holders)
    return count


def set_value(workspace: Workspace, *, actor: Actor, member_id: uuid.UUID, key: str, value: Any) -> None:
    """Say something about a member. The value is checked by the attribute's type; its source is the actor."""
    with transaction.atomic():
        member, attribute = _member(workspace, member_id), _known(workspace, key)
        kept = values.checked(attribute.type, value, options=attribute.options)
        put(workspace.pk, member_id=member.pk, given={attribute.pk: kept}, source=actor.source, source_name=actor.name)
        _told(workspace, actor=actor, member=member, action="member.set_attribute", keys=[key])


def clear_value(workspace: Workspace, *, actor: Actor, member_id: uuid.UUID, key: str) -> None:
    """Take one value from a member; nothing happens when there is none."""
    with transaction.atomic():
        member, attribute = _member(workspace, member_id), _known(workspace, key)
        if OriginState.objects.in_workspace(workspace).filter(origin=member).exists():
            origins.change_values(workspace.pk, member.pk, given={}, cleared=[attribute.pk])
        elif not AttributeValue.objects.in_workspace(workspace).filter(member=member, attribute=attribute).delete()[0]:
            return
        projection.mark_values(workspace.pk, key, [member.pk])
        _told(workspace, actor=actor, member=member, action="member.clear_attribute", keys=[key])


def put(workspace_id: uuid.UUID, *, member_id: uuid.UUID, given: dict[uuid.UUID, Any], source: str, source_name: str) -> None:
    """Keep values (already checked) of attributes for a member or, in merges, for an origin. Call it inside a transaction."""
    now = clock.now()
    if OriginState.objects.in_workspace(workspace_id).filter(origin_id=member_id).exists():
        fresh = {attribute_id: alone.Value(ids.new(), value, source, source_name, now) for attribute_id, value in given.items()}
        origins.change_values(workspace_id, member_id, given=fresh, cleared=[])
        return
    for attribute_id, value in given.items():
        facts = {"workspace_id": workspace_id, "value": value, "source": source, "source_name": source_name, "set_at": now}
        AttributeValue.objects.in_workspace(workspace_id).update_or_create(member_id=member_id, attribute_id=attribute_id, defaults=facts)
    for key in Attribute.objects.in_workspace(workspace_id).filter(pk__in=list(given)).values_list("key", flat=True):
        projection.mark_values(workspace_id, key, [member_id])


def take_traits(workspace_id: uuid.UUID, *, member_id: uuid.UUID, traits: dict[str, Any], source: str, source_name: str) -> list[str]:
    """What a data source says about a person (Segment's traits; for an origin, give its id). Gives the keys that were kept.

    Traits that are no attribute here, or whose value does not fit its type, are left to the event they came in.
    """
    attributes = ensure_standard(workspace_id)
    attributes |= {row.key: row for row in Attribute.objects.in_workspace(workspace_id).filter(key__in=list(traits), is_standard=False)}
    there = {row.attribute_id: row.value for row in AttributeValue.objects.in_workspace(workspace_id).filter(member_id=member_id)}
    given, keys = {}, []
    for key, value in traits.items():
        attribute = attributes.get(key)
        if attribute is None:
            continue
        try:
            kept = values.checked(attribute.type, value, options=attribute.options)
        except Invalid:
            continue
        if there.get(attribute.pk) != kept:
            given[attribute.pk] = kept
            keys.append(key)
    if given:
        put(workspace_id, member_id=member_id, given=given, source=source, source_name=source_name)
    return keys


def _told(workspace: Workspace, *, actor: Actor, member: Member, action: str, keys: list[str]) -> None:
    # Which attributes, never their values: the log outlives what a member may have erased.
    stream.record(Fact(workspace_id=workspace.pk, name="attributes_changed", member_id=member.pk, source=actor.source, properties={"keys": keys}))
    audit.write(workspace, actor=actor, action=action, target=member, details={"keys": keys})


def _member(workspace: Workspace, member_id: uuid.UUID) -> Member:
    found = Member.objects.in_workspace(workspace).select_for_update().filter(pk=member_id).first()
    if found is None:
        raise NotFound("member")
    if found.merged_into_id is not None:
        raise MemberGone()
    return found


def _known(workspace: Workspace, key: str) -> Attribute:
    if key in standard():
        return ensure_standard(workspace.pk)[key]
    found = Attribute.objects.in_workspace(workspace).filter(key=key).first()
    if found is None:
        raise NotFound("attribute")
    return found


def _custom(workspace: Workspace, key: str) -> Attribute:
    if key in standard():
        raise StandardAttributeFixed()
    found = Attribute.objects.in_workspace(workspace).select_for_update().filter(key=key, is_standard=False).first()
    if found is None:
        raise NotFound("attribute")
    return found
