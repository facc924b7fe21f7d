"""The eleven bands of RFM: their names, what to do about them, and which of the 25 cells of recency and frequency is whose.

The bands and their names are Putler's (putler.com/rfm-analysis). Its ranges overlap, so the cells follow the grid without overlaps
that grew out of them and is common since, with the lowest recency and frequency as the band of the lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hutong.foundation.errors import Invalid

NAME_LENGTH_MAX = 30


@dataclass(frozen=True, slots=True)
class Name:
    """What a band is called."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Band:
    """A band as it comes: its name, one of the design's series, what is usually done about it."""

    zh: str
    en: str
    color: str
    advice_zh: str
    advice_en: str


BANDS: dict[str, Band] = {
    "champions": Band(
        "冠军客户",
        "Champions",
        "teal",
        "给专属权益和新品优先，邀请他们带来朋友。",
        "Give them early access and thanks, and ask them to bring friends.",
    ),
    "loyal": Band("忠实客户", "Loyal", "blue", "推荐更高价值的产品，请他们评价和分享。", "Offer something of higher value. Ask for reviews."),
    "potential_loyal": Band(
        "潜力客户", "Potential loyalists", "green", "推荐会员和搭配，促成下一次。", "Suggest a membership or a matching product for the next time."
    ),
    "new": Band("新客户", "New customers", "purple", "做好欢迎和使用引导，两周内再联系一次。", "Welcome and guide them. Come back within two weeks."),
    "promising": Band("有希望", "Promising", "purple", "发小额优惠或体验活动，养成习惯。", "Use a small offer or a trial to build a habit."),
    "need_attention": Band(
        "需要关注", "Need attention", "gold", "用限时优惠和他们看过的内容唤起兴趣。", "A limited offer, and what they liked before."
    ),
    "about_to_sleep": Band("即将沉睡", "About to sleep", "gold", "推荐热门内容和产品，趁早联系。", "Show what is popular. Get in touch early."),
    "cannot_lose": Band(
        "不能失去", "Cannot lose", "red", "由专人一对一联系，了解不再来的原因。", "Have a person contact them and ask what went wrong."
    ),
    "at_risk": Band("有流失风险", "At risk", "red", "发个性化的召回，附上有用的东西。", "Send a personal message with something useful."),
    "hibernating": Band("沉睡", "Hibernating", "gray", "换一种产品或话题，少量多次地试。", "Try another product or topic, little by little."),
    "lost": Band("已流失", "Lost", "gray", "用低成本的方式最后试一次，不回应就放手。", "One last cheap attempt, then let them go."),
}

# By recency, 5 first; frequency from 1 to 5.
_GRID: dict[int, tuple[str, str, str, str, str]] = {
    5: ("new", "potential_loyal", "potential_loyal", "champions", "champions"),
    4: ("promising", "potential_loyal", "potential_loyal", "loyal", "loyal"),
    3: ("about_to_sleep", "about_to_sleep", "need_attention", "loyal", "loyal"),
    2: ("hibernating", "hibernating", "at_risk", "at_risk", "cannot_lose"),
    1: ("lost", "lost", "at_risk", "at_risk", "cannot_lose"),
}
CELLS: dict[str, str] = {f"{r}-{f}": band for r, row in _GRID.items() for f, band in enumerate(row, 1)}


@dataclass(frozen=True, slots=True)
class Bands:
    """A community's names of the bands, and the band of each cell (`r-f`)."""

    names: dict[str, Name]
    cells: dict[str, str]
    is_default: bool

    @classmethod
    def read(cls, kept: dict[str, Any] | None) -> Bands:
        """What a community keeps; None for the defaults."""
        plain = {key: Name(band.zh, band.en) for key, band in BANDS.items()}
        if kept is None:
            return cls(plain, CELLS, is_default=True)
        return cls(plain | {key: Name(**name) for key, name in kept["names"].items()}, kept["cells"], is_default=False)


def kept(names: dict[str, dict[str, str]], cells: dict[str, str]) -> dict[str, Any] | None:
    """What to keep of names and cells given by a person, None where they are the defaults. Raises Invalid."""
    errors = []
    for key, name in names.items():
        if key not in BANDS:
            errors.append(_refusal(f"names.{key}", f"没有“{key}”这个分层。", f"There is no band “{key}”."))
        for language, text in name.items():
            if not 1 <= len(text.strip()) <= NAME_LENGTH_MAX:
                at = f"names.{key}.{language}"
                errors.append(_refusal(at, f"名称要有 1 到 {NAME_LENGTH_MAX} 个字。", f"A name has 1 to {NAME_LENGTH_MAX} characters."))
    errors += [_refusal(f"cells.{cell}", "这一格还没有分层。", "This cell has no band yet.") for cell in CELLS if cell not in cells]
    for cell, band in cells.items():
        if cell not in CELLS:
            errors.append(_refusal(f"cells.{cell}", "格子写成“R-F”，各为 1 到 5。", "A cell is “R-F”, each from 1 to 5."))
        elif band not in BANDS:
            errors.append(_refusal(f"cells.{cell}", f"没有“{band}”这个分层。", f"There is no band “{band}”."))
    if errors:
        raise Invalid(errors=errors)
    plain = {key: {"zh": band.zh, "en": band.en} for key, band in BANDS.items()}
    own = {key: {language: text.strip() for language, text in name.items()} for key, name in names.items()}
    own = {key: name for key, name in own.items() if name != plain[key]}
    return {"names": own, "cells": cells} if own or cells != CELLS else None


def _refusal(field: str, zh: str, en: str) -> dict[str, Any]:
    return {"field": field, "message": {"zh": zh, "en": en}}
