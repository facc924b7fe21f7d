"""What a person chooses before an import: where it goes and how the files are read. Every change is previewed."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction

from hutong.communities.actions import COMMUNITY_NAME_LENGTH_MAX, GROUP_NAME_LENGTH_MAX
from hutong.communities.models import Community, Group
from hutong.foundation import clock, ids
from hutong.foundation.errors import Invalid, NotFound
from hutong.foundation.text import one_line, storable
from hutong.imports import formats, reading
from hutong.imports.errors import FileRefused, WrongState
from hutong.imports.formats.columns import FIELDS
from hutong.imports.models import HISTORY, Import, ImportReject, MappingPreset
from hutong.imports.records import FileError
from hutong.imports.tables import choices as lists
from hutong.imports.uploads import paths
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace

CHANGEABLE = frozenset({"uploaded", "checked"})
CHANNEL_OTHER = "other"
TABLE_CHANNEL = "csv"  # what the parsers of tables say, whose rows may be from anywhere
CHANNEL_WORDS = (
    ("irc", "irc"), ("telegram", "telegram"), ("discord", "discord"), ("slack", "slack"), ("whatsapp", "whatsapp"), ("wechat", "wechat"), ("weixin", "wechat"),
    ("微信", "wechat"), ("qq", "qq"), ("zulip", "zulip"), ("matrix", "matrix"), ("feishu", "feishu"), ("飞书", "feishu"), ("dingtalk", "dingtalk"), ("钉钉", "dingtalk"),
)  # fmt: skip
GROUPS_SHOWN_MAX = 2_000
SENDER_FIELDS = ("sender", "sender_id")
# Choices that decide what is read or where it goes: the check has to be made anew.
_RECHECKED = frozenset(
    {
        "format",
        "channel",
        "community_id",
        "community_name",
        "group_id",
        "group_name",
        "groups",
        "time_zone",
        "date",
        "date_order",
        "encoding",
        "mapping",
    }
)
_EITHER = {"community_id": "community_name", "community_name": "community_id", "group_id": "group_name", "group_name": "group_id"}


def locked(workspace: Workspace, *, import_id: UUID) -> Import:
    """The import, inside the caller's transaction. Raises NotFound."""
    batch = Import.objects.in_workspace(workspace).select_for_update().filter(pk=import_id).first()
    if batch is None:
        raise NotFound("import")
    return batch


def begin(batch: Import, *, encoding: str = "") -> None:
    """The first detection and the choices that follow from it; a text whose encoding cannot be found out needs it named."""
    options = _nothing_chosen(batch) | {"encoding": encoding}
    batch.options = options
    if batch.kind != HISTORY:
        lists.begin(batch, encoding=encoding)
        return
    _detect(batch, format_name=None)
    _preview(batch)


def change(workspace: Workspace, *, actor: Actor, import_id: UUID, changes: dict[str, Any]) -> Import:
    """Set choices; those not given stay. A check made before no longer counts when reading or destination change."""
    batch = Import.objects.in_workspace(workspace).filter(pk=import_id).first()
    if batch is None:
        raise NotFound("import")
    if batch.state not in CHANGEABLE:
        raise WrongState(batch.state, "change")
    if "keep_good_rows" in changes:
        batch.keep_good_rows = bool(changes["keep_good_rows"])
    if _apply(workspace, batch, changes) if batch.kind == HISTORY else lists.apply(batch, changes):
        batch.state, batch.checked, batch.error_code, batch.error_params = "uploaded", {}, "", {}
    with transaction.atomic():
        now = locked(workspace, import_id=import_id)
        if now.state not in CHANGEABLE:
            raise WrongState(now.state, "change")
        if batch.state == "uploaded":
            ImportReject.objects.filter(batch=batch).delete()
        batch.save()
    return batch


def _apply(workspace: Workspace, batch: Import, changes: dict[str, Any]) -> bool:
    """Set choices about a history; whether anything differs now."""
    before = dict(batch.options)
    _validate(workspace, batch, changes)
    wanted = {name: value for name, value in changes.items() if name in _RECHECKED}
    for name, value in wanted.items():
        batch.options[name] = _nothing_chosen(batch)[name] if value is None else _stored(value)
        if name in _EITHER and value and _EITHER[name] not in {n for n, v in wanted.items() if v}:
            batch.options[_EITHER[name]] = None if _EITHER[name].endswith("_id") else ""
    if wanted.get("community_id") and "time_zone" not in wanted and batch.options["time_zone"] == workspace.time_zone:
        batch.options["time_zone"] = Community.objects.in_workspace(workspace).get(pk=wanted["community_id"]).time_zone
    if before["format"] != batch.options["format"] or before["encoding"] != batch.options["encoding"]:
        _detect(batch, format_name=batch.options["format"] or None)
    if not batch.options["channel"]:
        batch.options["channel"] = batch.detection["channel"]
    if before == batch.options:
        return False
    _preview(batch)
    return True


def missing(batch: Import) -> list[str]:
    """Choices without which the files cannot be read or have nowhere to go."""
    if batch.kind != HISTORY:
        return lists.missing(batch)
    options, detection = batch.options, batch.detection
    found = []
    if not options["community_id"] and not options["community_name"]:
        found.append("community")
    if not options["group_id"] and not options["group_name"] and not detection["groups"]:
        found.append("group")
    if detection["date_order_ambiguous"] and not options["date_order"]:
        found.append("date_order")
    if "date" in detection["needs"] and not options["date"]:
        found.append("date")
    mapping = options["mapping"]
    if detection["columns"] and not (
        "time" in mapping and any(field in mapping for field in SENDER_FIELDS) and ("text" in mapping or "kind" in mapping)
    ):
        found.append("mapping")
    return found


def is_table(format_name: str) -> bool:
    """Whether the person names the columns and the channel."""
    return formats.format_named(format_name).channel == TABLE_CHANNEL


def channel_guessed(names: list[str], groups: list[str]) -> str:
    """The channel of a table, from the name of the file or of its groups."""
    words = " ".join(names).lower()
    found = next((channel for word, channel in CHANNEL_WORDS if word in words), None)
    if found is None and groups and all(group.split("/")[-1].startswith("#") for group in groups):
        return "irc"
    return found or CHANNEL_OTHER


def header_hash(columns: list[str]) -> str:
    """Under which a mapping of these columns is remembered."""
    return ids.digest(*columns)


def remember_mapping(batch: Import) -> None:
    """The mapping of this table is offered when the same header comes again. Within a transaction."""
    if batch.kind != HISTORY:
        lists.remember(batch)
        return
    columns = batch.detection["columns"]
    if not columns or not batch.options["mapping"]:
        return
    MappingPreset.objects.in_workspace(batch.workspace_id).update_or_create(
        workspace_id=batch.workspace_id,
        header_hash=header_hash(columns),
        defaults={
            "name": batch.files[0]["name"][:100],
            "mapping": batch.options["mapping"],
            "options": {"time_zone": batch.options["time_zone"], "date_order": batch.options["date_order"], "channel": batch.options["channel"]},
            "used_at": clock.now(),
        },
    )


def _nothing_chosen(batch: Import) -> dict[str, Any]:
    return {
        "format": "",
        "channel": "",
        "community_id": None,
        "community_name": "",
        "group_id": None,
        "group_name": "",
        "groups": {},
        "time_zone": batch.workspace.time_zone,
        "date": None,
        "date_order": None,
        "encoding": "",
        "mapping": {},
    }


def _stored(value: Any) -> Any:
    """A choice as JSON keeps it."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _stored(item) for key, item in value.items()}
    return value


def _detect(batch: Import, *, format_name: str | None) -> None:
    options = batch.options
    found = reading.detect(paths(batch), encoding=options["encoding"] or None)
    best = next((one for one in found if one.format == format_name), None) if format_name else found[0]
    if best is None:
        title = formats.format_named(format_name or "").title
        raise Invalid.field("format", f"这个文件不是「{title['zh']}」格式。", f"This file is not in the format “{title['en']}”.")
    others = [one.format for one in found if one is not best]
    preset = None
    if best.columns:
        preset = MappingPreset.objects.in_workspace(batch.workspace_id).filter(header_hash=header_hash(list(best.columns))).first()
    mapping = preset.mapping if preset else dict(best.mapping)
    batch.format = options["format"] = best.format
    if best.channel != TABLE_CHANNEL:
        options["channel"] = best.channel
    else:
        options["channel"] = (preset.options.get("channel") if preset else "") or channel_guessed(
            [one["name"] for one in batch.files], list(best.groups)
        )
    options["mapping"] = mapping
    options["date"] = None
    options["date_order"] = None
    if preset:
        options["time_zone"] = preset.options.get("time_zone") or options["time_zone"]
        options["date_order"] = preset.options.get("date_order")
    batch.detection = {
        "format": best.format,
        "channel": options["channel"],
        "confidence": best.confidence,
        "alternatives": others,
        "groups": [storable(name) for name in best.groups[:GROUPS_SHOWN_MAX]],
        "date": best.date.isoformat() if best.date else None,
        "date_order": best.date_order,
        "date_order_ambiguous": best.date_order_ambiguous,
        "times_have_zone": best.times_have_zone,
        "encoding": best.encoding,
        "columns": [storable(name) for name in best.columns],
        "mapping": mapping,
        "mapping_source": "remembered" if preset else "suggested" if mapping else "none",
        "skipped": [storable(name) for name in best.skipped],
        "needs": list(best.needs),
    }


def _preview(batch: Import) -> None:
    try:
        found = reading.preview(paths(batch), batch.format, batch.options)
    except FileError as error:
        raise FileRefused(error) from error
    batch.detection["preview"] = found
    named = {one["group"] for one in found["records"] if one["group"]}
    if named and not batch.detection["groups"]:
        batch.detection["groups"] = sorted(named)


def _clean_names(changes: dict[str, Any]) -> None:
    """New names as communities and groups will take them, refused now rather than when the import runs."""
    for field, length_max in (("community_name", COMMUNITY_NAME_LENGTH_MAX), ("group_name", GROUP_NAME_LENGTH_MAX)):
        if changes.get(field):
            changes[field] = one_line(field, changes[field], length_max=length_max)
    for named, choice in (changes.get("groups") or {}).items():
        if choice.get("name"):
            choice["name"] = one_line(f"groups.{named}", choice["name"], length_max=GROUP_NAME_LENGTH_MAX)


def _validate(workspace: Workspace, batch: Import, changes: dict[str, Any]) -> None:
    if changes.get("table"):
        raise Invalid.field("table", "聊天记录没有这个选项。", "A chat history has no such choice.")
    _clean_names(changes)
    _validate_reading(batch, changes)
    community_id = changes.get("community_id", batch.options["community_id"])
    if changes.get("community_name") and not changes.get("community_id"):
        community_id = None
    if changes.get("community_id") and not Community.objects.in_workspace(workspace).filter(pk=changes["community_id"], archived_at=None).exists():
        raise Invalid.field("community_id", "没有这个社群，或已归档。", "There is no such community, or it is archived.")
    if changes.get("community_name") and Community.objects.in_workspace(workspace).filter(name=changes["community_name"], archived_at=None).exists():
        raise Invalid.field("community_name", "已有同名社群，请从列表中选择。", "A community of this name exists. Choose it from the list.")
    chosen = [("group_id", changes.get("group_id"))]
    chosen += [(f"groups.{name}", one.get("group_id")) for name, one in (changes.get("groups") or {}).items()]
    for field, group_id in chosen:
        if group_id is None:
            continue
        group = Group.objects.in_workspace(workspace).filter(pk=group_id, archived_at=None).first()
        if group is None or str(group.community_id) != str(community_id):
            raise Invalid.field(field, "所选社群里没有这个群。", "The chosen community has no such group.")
        fixed = "" if is_table(changes.get("format") or batch.format) else batch.detection["channel"]
        if fixed and group.channel != fixed:
            raise Invalid.field(
                field, f"这个群在 {group.channel} 上，文件来自 {fixed}。", f"This group is on {group.channel}, the file is from {fixed}."
            )


def _validate_reading(batch: Import, changes: dict[str, Any]) -> None:
    if changes.get("time_zone"):
        try:
            clock.zone(changes["time_zone"])
        except ValueError:
            raise Invalid.field("time_zone", "没有这个时区，例如 Asia/Shanghai。", "There is no such time zone. Example: Asia/Shanghai.") from None
    if changes.get("format"):
        try:
            formats.format_named(changes["format"])
        except FileError as error:
            raise FileRefused(error) from error
    fixed = "" if is_table(changes.get("format") or batch.format) else batch.detection["channel"]
    if changes.get("channel") and fixed and changes["channel"] != fixed:
        raise Invalid.field("channel", f"这种文件只来自 {fixed}。", f"Files of this format are from {fixed} only.")
    columns = batch.detection["columns"]
    for field, column in (changes.get("mapping") or {}).items():
        if field not in FIELDS:
            known = "、".join(FIELDS)
            raise Invalid.field(
                f"mapping.{field}", f"没有「{field}」这个字段，可用的有：{known}。", f"There is no field “{field}”. There are: {', '.join(FIELDS)}."
            )
        if column not in columns:
            raise Invalid.field(f"mapping.{field}", f"文件里没有「{column}」这一列。", f"The file has no column “{column}”.")
