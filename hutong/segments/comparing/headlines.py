"""The few sentences that say most about a segment, made by rule from its strongest facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hutong.segments.comparing import behaviour, chance, words
from hutong.segments.comparing.behaviour import Sums
from hutong.segments.comparing.parts import Part
from hutong.segments.comparing.sides import PEOPLE_MIN

HEADLINES_MAX = 6
FACTS_MAX = 4  # of those from comparisons; then what they speak of, and when
WORDS_SHOWN = 3
ACTIVITIES_MIN = 100  # before anything is said of hours
EFFECT_MIN = 0.2  # "small" by Cohen's rule of thumb, of shares and of averages; what is less is not worth a sentence
BANDS_APART_MIN = 0.1  # of age, on average: below, nobody is younger or older

Texts = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Everything a sentence may come from."""

    is_of_community: bool
    holds: frozenset[Part]
    names: dict[str, Texts]
    demographics: dict[str, list[Part]]
    tenures: list[Part]
    groups: list[Part]
    pages: list[Part]
    mine: Sums
    theirs: Sums
    hours: list[dict[str, Any]]
    words: Sequence[str]

    @property
    def base(self) -> Texts:
        """Whom the segment is compared with."""
        return {"zh": "社群整体", "en": "the community"} if self.is_of_community else {"zh": "工作区整体", "en": "the workspace"}


def headlines(told: Told) -> list[Texts]:
    """The strongest facts first, each of another subject."""
    facts = sorted([*_of_people(told), *_of_doing(told)], key=lambda fact: -fact[0])
    found = [texts for _, texts in facts[:FACTS_MAX]]
    if told.words:
        shown = told.words[:WORDS_SHOWN]
        found.append({"zh": f"更常说到：{'、'.join(shown)}", "en": f"More often speak of: {', '.join(shown)}"})
    found += _of_hours(told)
    return found[:HEADLINES_MAX]


def are_enough(mine: Sums, theirs: Sums) -> bool:
    """Whether averages of those who did anything say something."""
    return min(mine.active, theirs.active) >= PEOPLE_MIN


def _strongest(told: Told, parts: Iterable[Part]) -> Part | None:
    fit = [part for part in parts if part in told.holds and part.effect >= EFFECT_MIN]
    return max(fit, key=lambda part: part.effect, default=None)


def _of_people(told: Told) -> Iterator[tuple[float, Texts]]:
    base = told.base
    for key, parts in told.demographics.items():
        part = _strongest(told, parts)
        if part is None:
            continue
        if key == "age":
            yield part.effect, _of_age(told, parts, part)
            continue
        name = told.names[key]
        yield (
            part.effect,
            {
                "zh": f"{name['zh']}“{part.label['zh']}”占 {words.percent(part.share)}，比{base['zh']}高 {_points(part)} 个百分点",
                "en": f"{words.percent(part.share)} have the {name['en'].lower()} “{part.label['en']}”, {_points(part)} points more than {base['en']}",
            },
        )
    tenure = _strongest(told, told.tenures)
    if tenure is not None:
        zh, en = tenure.label["zh"], tenure.label["en"]
        is_never = tenure.value == str(len(words.TENURE_BANDS) - 1)
        yield (
            tenure.effect,
            {
                "zh": f"{zh if is_never else f'加入 {zh}' if zh[0].isdigit() else f'加入{zh}'}的占 {words.percent(tenure.share)}，比{base['zh']}高 {_points(tenure)} 个百分点",
                "en": f"{words.percent(tenure.share)} {'were never in a group' if is_never else 'joined ' + en.lower() + ' ago'}, {_points(tenure)} points more than {base['en']}",
            },
        )
    group = _strongest(told, told.groups)
    if group is not None:
        yield (
            group.effect,
            {
                "zh": f"{words.percent(group.share)} 的人在群“{group.label['zh']}”里，比{base['zh']}高 {_points(group)} 个百分点",
                "en": f"{words.percent(group.share)} are in the group “{group.label['en']}”, {_points(group)} points more than {base['en']}",
            },
        )
    page = _strongest(told, told.pages)
    if page is not None:
        yield (
            page.effect,
            {
                "zh": f"{words.percent(page.share)} 的人看过“{page.label['zh']}”，比{base['zh']}高 {_points(page)} 个百分点",
                "en": f"{words.percent(page.share)} viewed “{page.label['en']}”, {_points(page)} points more than {base['en']}",
            },
        )


def _of_age(told: Told, parts: Sequence[Part], part: Part) -> Texts:
    apart = _average_band(parts, "share") - _average_band(parts, "compared_share")
    share, points, base = words.percent(part.share), _points(part), told.base
    if abs(apart) < BANDS_APART_MIN:
        return {
            "zh": f"{part.label['zh']}的人多：占 {share}，比{base['zh']}高 {points} 个百分点",
            "en": f"{share} are {_aged(part)}, {points} points more than {base['en']}",
        }
    zh, en = ("年轻", "Younger") if apart < 0 else ("年长", "Older")
    return {
        "zh": f"比{base['zh']}更{zh}：{part.label['zh']}占 {share}，高 {points} 个百分点",
        "en": f"{en} than {base['en']}: {share} are {_aged(part)}, {points} points more",
    }


def _aged(part: Part) -> str:
    en = part.label["en"]
    return en[0].lower() + en[1:]


def _average_band(parts: Sequence[Part], of: str) -> float:
    shares = [(int(part.value), float(getattr(part, of))) for part in parts]
    total = sum(share for _, share in shares)
    return sum(band * share for band, share in shares) / total if total else 0.0


def _points(part: Part) -> str:
    points = (part.share - part.compared_share) * 100
    return f"{points:.0f}" if points >= 1 else f"{points:.1f}"


_DOINGS: dict[str, tuple[str, str, str, str, str, str]] = {  # more and less, what is counted, in both languages
    "messages": ("更爱说话", "话更少", "活跃的人平均每人 {n} 条消息", "More talkative", "Quieter", "{n} messages each among those active"),
    "replies": ("更常回复别人", "更少回复别人", "活跃的人平均每人 {n} 次回复", "Reply more", "Reply less", "{n} replies each among those active"),
    "reactions": (
        "更常回应表情",
        "更少回应表情",
        "活跃的人平均每人 {n} 次表情回应",
        "React more",
        "React less",
        "{n} reactions each among those active",
    ),
    "active_days": ("来得更勤", "来得更少", "平均每周活跃 {n} 天", "Come more often", "Come less often", "active on {n} days a week"),
}


def _of_doing(told: Told) -> Iterator[tuple[float, Texts]]:
    """The one way of taking part in which they differ most."""
    if not are_enough(told.mine, told.theirs):
        return
    everybody = told.mine.plus(told.theirs)
    tests = {key: behaviour.tested(key, told.mine, told.theirs) for key in behaviour.FIGURES}
    holds = dict(zip(tests, chance.more_than_chance([probability for probability, _ in tests.values()]), strict=True))
    fit = [key for key in tests if holds[key] and abs(tests[key][1]) >= EFFECT_MIN]
    if not fit:
        return
    key = max(fit, key=lambda one: abs(tests[one][1]))
    mine, compared = told.mine.average(key), everybody.average(key)
    if mine is None or not compared:
        return
    more_zh, less_zh, count_zh, more_en, less_en, count_en = _DOINGS[key]
    is_more, shown, ratio, base = mine > compared, words.times(mine), words.times(mine / compared), told.base
    yield (
        abs(tests[key][1]),
        {
            "zh": f"{more_zh if is_more else less_zh}：{count_zh.format(n=shown)}，是{base['zh']}的 {ratio} 倍",
            "en": f"{more_en if is_more else less_en}: {count_en.format(n=shown)}, {ratio} times that of {base['en']}",
        },
    )


def _of_hours(told: Told) -> list[Texts]:
    if sum(cell["activities"] for cell in told.hours) < ACTIVITIES_MIN:
        return []
    peak = max(told.hours, key=lambda cell: cell["activities"])
    zh, en = _WEEKDAYS[peak["weekday"] - 1]
    return [{"zh": f"最活跃的时段：{zh} {peak['hour']:02d} 点", "en": f"Most active: {en} at {peak['hour']:02d}:00"}]


_WEEKDAYS = (("周一", "Monday"), ("周二", "Tuesday"), ("周三", "Wednesday"), ("周四", "Thursday"), ("周五", "Friday"), ("周六", "Saturday"), ("周日", "Sunday"))  # fmt: skip
