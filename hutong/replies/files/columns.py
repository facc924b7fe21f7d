"""The columns of a file of rules: how each is called, and how it reads and writes its part of a rule.

Several keywords of one cell stand one a line; several answers are divided by a line of three hyphens. Answers with attachments, links or
weights are written as JSON, and read back so.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hutong.channels import messages
from hutong.communities.models import Community, Group
from hutong.replies.matching.compiled import WAYS
from hutong.replies.matching.folding import VARIANTS
from hutong.replies.models import Rule
from hutong.workspaces.models import Workspace

BETWEEN_ANSWERS = "\n---\n"
TITLES = {
    "name": ("名称", "Name"),
    "is_enabled": ("启用", "Enabled"),
    "priority": ("优先级", "Priority"),
    "exact": ("完全匹配", "Exact"),
    "contains": ("包含", "Contains"),
    "regex": ("正则", "Regex"),
    "answers": ("回复", "Answers"),
    "hands_over": ("转人工", "Hand over"),
    "is_private": ("私聊回复", "In private"),
    "quotes": ("引用原消息", "Quote"),
    "place": ("场合", "Place"),
    "needs_mention": ("须提到账号", "Only when mentioned"),
    "communities": ("社群", "Communities"),
    "groups": ("群", "Groups"),
    "hours": ("时间", "Hours"),
    "days": ("星期", "Days"),
    "group_cooldown_seconds": ("群冷却秒数", "Group cooldown (s)"),
    "member_cooldown_seconds": ("成员冷却秒数", "Member cooldown (s)"),
    "variants": ("变体", "Variants"),
}
FIELD_COLUMN = {"keywords": "contains", "community_ids": "communities", "group_ids": "groups"}
PLACES = {"all": ("全部", "all"), "groups": ("群聊", "groups"), "private": ("私聊", "private")}
VARIANT_NAMES = {
    "case": ("大小写", "case"), "width": ("全半角", "width"), "script": ("简繁", "script"), "gaps": ("间隔", "gaps"), "pinyin": ("拼音", "pinyin"),
    "synonyms": ("同义词", "synonyms"),
}  # fmt: skip
YES = frozenset({"是", "yes", "true", "1", "y", "✓"})
NO = frozenset({"否", "no", "false", "0", "n", ""})
_BREAKS = re.compile(r"\r\n?")
_BETWEEN = re.compile(r"\n[ \t]*---[ \t]*\n")
_LIST = re.compile(r"[,，、;；\n]")


class BadCell(Exception):
    """A cell that cannot be read, with why."""

    def __init__(self, column: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.column, self.zh, self.en = column, zh, en


@dataclass(frozen=True, slots=True)
class Places:
    """Communities and groups by what a cell may call them: their id, their name, a group as `community/group`."""

    communities: Mapping[str, str]
    groups: Mapping[str, str]
    names: Mapping[str, str]  # by id, as they are written

    @classmethod
    def of(cls, workspace: Workspace) -> Places:
        """Those of a workspace. Groups whose name several have are only known with their community."""
        communities: dict[str, str] = {}
        groups: dict[str, str] = {}
        names: dict[str, str] = {}
        several: set[str] = set()
        for pk, name in Community.objects.in_workspace(workspace).values_list("pk", "name"):
            communities[name] = communities[str(pk)] = str(pk)
            names[str(pk)] = name
        for pk, name, home in Group.objects.in_workspace(workspace).values_list("pk", "name", "community__name"):
            whole = f"{home}/{name}"
            if name in groups:
                several.add(name)
            groups[name] = groups[whole] = groups[str(pk)] = str(pk)
            names[str(pk)] = whole
        return cls(communities, {name: pk for name, pk in groups.items() if name not in several}, names)


def known(heading: str) -> str | None:
    """The column that a heading names, in either language."""
    clean = heading.strip().casefold()
    return next((name for name, titles in TITLES.items() if clean in (name, titles[0].casefold(), titles[1].casefold())), None)


def read(cells: Mapping[str, str], places: Places) -> dict[str, Any]:
    """A line as the body of a rule (`schemas.ReplyRuleIn`). Raises BadCell."""
    said = {name: _BREAKS.sub("\n", _unescaped(value)).strip() for name, value in cells.items()}
    found: dict[str, Any] = {
        "name": said.get("name", ""),
        "keywords": [{"text": text.strip(), "way": way} for way in WAYS for text in said.get(way, "").split("\n") if text.strip()],
        "answers": _answers(said.get("answers", "")),
    }
    for name in ("hands_over", "is_private", "quotes", "needs_mention"):
        found[name] = _flag(name, said.get(name, ""))
    found["is_enabled"] = _flag("is_enabled", said["is_enabled"]) if said.get("is_enabled") else True
    for name in ("priority", "group_cooldown_seconds", "member_cooldown_seconds"):
        if said.get(name):
            found[name] = _number(name, said[name])
    if said.get("place"):
        found["place"] = _word("place", said["place"], PLACES)
    if "variants" in said:
        words = [word for word in _items(said["variants"]) if word not in ("无", "none")]
        if words or said["variants"]:
            found["variants"] = [_word("variants", word, VARIANT_NAMES) for word in words]
    found["community_ids"] = _ids("communities", said.get("communities", ""), places.communities)
    found["group_ids"] = _ids("groups", said.get("groups", ""), places.groups)
    if said.get("hours"):
        found["hours"] = _hours(said["hours"], said.get("days", ""))
    return found


def written(rule: Rule, places: Places, language: str) -> list[Any]:
    """A rule as a line."""
    pick = 0 if language == "zh" else 1
    yes, no = (("是", "否"), ("yes", "no"))[pick]
    between = "、" if pick == 0 else ", "
    words = {way: "\n".join(one["text"] for one in rule.keywords if one["way"] == way) for way in WAYS}
    hours = rule.hours
    return [
        rule.name, yes if rule.is_enabled else no, rule.priority, words["exact"], words["contains"], words["regex"], _answers_written(rule),
        yes if rule.hands_over else no, yes if rule.is_private else no, yes if rule.quotes else no, PLACES[rule.place][pick],
        yes if rule.needs_mention else no,
        "\n".join(places.names.get(one, one) for one in rule.community_ids), "\n".join(places.names.get(one, one) for one in rule.group_ids),
        f"{hours['begin']}-{hours['end']}" if hours else "", ",".join(str(day + 1) for day in hours["days"]) if hours else "",
        rule.group_cooldown_seconds, rule.member_cooldown_seconds,
        between.join(VARIANT_NAMES[one][pick] for one in VARIANTS if one in rule.variants) or ("无", "none")[pick],
    ]  # fmt: skip


def titles(language: str) -> list[str]:
    """The headings."""
    return [pair[0 if language == "zh" else 1] for pair in TITLES.values()]


def _unescaped(cell: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from running a text as a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:2] in "=+-@＝＋－＠\t\r\n" else cell


def _answers(said: str) -> list[dict[str, Any]]:
    if said.startswith("["):
        try:
            found = json.loads(said)
        except ValueError:
            found = None
        if isinstance(found, list) and all(isinstance(one, dict) for one in found):
            return found
    return [{"parts": [{"kind": "text", "text": text.strip()}]} for text in _BETWEEN.split(said) if text.strip()]


def _answers_written(rule: Rule) -> str:
    texts = []
    for answer in rule.answers:
        (first, *rest) = answer["parts"]
        text = str(first.get("text", ""))
        if rest or first["kind"] != "text" or answer["weight"] != 1 or text.startswith("[") or _BETWEEN.search(f"\n{text}\n"):
            return json.dumps([_as_given(one) for one in rule.answers], ensure_ascii=False)
        texts.append(text)
    return BETWEEN_ANSWERS.join(texts)


def _as_given(answer: Mapping[str, Any]) -> dict[str, Any]:
    kept = messages.said(messages.kept(answer["parts"]))
    parts = [{name: value for name, value in part.items() if name in messages.PartIn.model_fields and value} for part in kept]
    return {"weight": answer["weight"], "parts": parts}


def _items(said: str) -> list[str]:
    return [one.strip() for one in _LIST.split(said) if one.strip()]


def _flag(column: str, said: str) -> bool:
    if said.casefold() in YES:
        return True
    if said.casefold() in NO:
        return False
    raise BadCell(column, f"「{said[:40]}」应为 是 或 否。", f"“{said[:40]}” should be yes or no.")


def _number(column: str, said: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", said):
        raise BadCell(column, f"「{said[:40]}」应为整数。", f"“{said[:40]}” should be a whole number.")
    return int(said)


def _word(column: str, said: str, words: Mapping[str, Sequence[str]]) -> str:
    for key, names in words.items():
        if said.casefold() in (key, *names):
            return key
    listed = "、".join(names[0] for names in words.values())
    raise BadCell(column, f"「{said[:40]}」应为：{listed}。", f"“{said[:40]}” should be one of {', '.join(words)}.")


def _ids(column: str, said: str, known_ones: Mapping[str, str]) -> list[uuid.UUID]:
    found = []
    for name in [one.strip() for one in said.split("\n") if one.strip()]:
        if name not in known_ones:
            what, what_en = ("社群", "community") if column == "communities" else ("群", "group")
            raise BadCell(
                column,
                f"找不到{what}「{name[:40]}」，或有几个同名。群可写作「社群/群」。",
                f"There is no {what_en} “{name[:40]}”, or several have that name. A group may be written “community/group”.",
            )
        found.append(uuid.UUID(known_ones[name]))
    return found


def _hours(said: str, days: str) -> dict[str, Any]:
    match = re.fullmatch(r"(\d{1,2}:\d\d)\s*[-–—~～至到]\s*(\d{1,2}:\d\d)", said)
    if match is None:
        raise BadCell("hours", f"「{said[:40]}」应写作 09:00-18:00。", f"“{said[:40]}” should be written 09:00-18:00.")
    chosen = _items(days) or list("1234567")
    if not set(chosen) <= set("1234567"):
        raise BadCell("days", f"「{days[:40]}」应为 1 到 7，逗号分隔，1 是周一。", f"“{days[:40]}” should be 1 to 7 divided by commas; 1 is Monday.")
    return {"begin": match[1].zfill(5), "end": match[2].zfill(5), "days": sorted({int(day) - 1 for day in chosen})}
