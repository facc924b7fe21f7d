"""How what is counted of people is said, in Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from hutong.segments.comparing.counts import AGES, TENURES

Texts = dict[str, str]

TAG: Texts = {"zh": "标签", "en": "Tag"}
GROUP: Texts = {"zh": "群", "en": "Group"}
CHANNEL: Texts = {"zh": "渠道", "en": "Channel"}
AGE: Texts = {"zh": "年龄", "en": "Age"}
BAND: Texts = {"zh": "RFM 分层", "en": "RFM band"}
TENURE: Texts = {"zh": "加入多久", "en": "Time since joining"}

MONTHS: list[Texts] = [
    {"zh": f"{number} 月", "en": name}
    for number, name in enumerate(
        ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"), start=1
    )
]
AGE_BANDS: list[Texts] = [
    {"zh": f"{AGES[0]} 岁以下", "en": f"Under {AGES[0]}"},
    *({"zh": f"{low}–{high - 1} 岁", "en": f"{low}–{high - 1}"} for low, high in pairwise(AGES)),
    {"zh": f"{AGES[-1]} 岁及以上", "en": f"{AGES[-1]} and over"},
]
DATE_BANDS: list[Texts] = [  # as facts.DAYS_AGO
    {"zh": "3 年以前", "en": "3 years ago or earlier"},
    {"zh": "1 到 3 年前", "en": "1 to 3 years ago"},
    {"zh": "90 天到 1 年前", "en": "90 days to 1 year ago"},
    {"zh": "30 到 89 天前", "en": "30 to 89 days ago"},
    {"zh": "最近 30 天", "en": "In the last 30 days"},
    {"zh": "在今天之后", "en": "After today"},
]
TENURE_BANDS: list[Texts] = [
    {"zh": f"不到 {TENURES[0]} 天", "en": f"Under {TENURES[0]} days"},
    *({"zh": f"{low}–{high - 1} 天", "en": f"{low}–{high - 1} days"} for low, high in pairwise(TENURES)),
    {"zh": f"{TENURES[-1]} 天及以上", "en": f"{TENURES[-1]} days or more"},
    {"zh": "没进过群", "en": "Never in a group"},
]


def plain(text: str) -> Texts:
    """What people wrote is the same in both languages."""
    return {"zh": text, "en": text}


def of_community(name: Texts, community: str) -> Texts:
    """What each community has of its own."""
    return {"zh": f"{name['zh']}（{community}）", "en": f"{name['en']} ({community})"}


def score(points: str) -> Texts:
    """A score of RFM."""
    return {"zh": f"{points} 分", "en": f"{points} of 5"}


def value(text: str, *, is_boolean: bool) -> Texts:
    """A value of an attribute or property."""
    if not is_boolean:
        return plain(text)
    return {"zh": "是", "en": "Yes"} if text == "true" else {"zh": "否", "en": "No"}


def number(amount: float) -> str:
    """1234.5 as 1,234.5."""
    return f"{amount:,.6f}".rstrip("0").rstrip(".")


def number_band(edges: Sequence[float], band: int) -> Texts:
    """Above one edge and at most the next."""
    if band == 0:
        return {"zh": f"不超过 {number(edges[0])}", "en": f"At most {number(edges[0])}"}
    low = number(edges[band - 1])
    if band == len(edges):
        return {"zh": f"超过 {low}", "en": f"More than {low}"}
    high = number(edges[band])
    return {"zh": f"超过 {low}，不超过 {high}", "en": f"More than {low}, at most {high}"}


def percent(share: float) -> str:
    """0.478 as 48%; what is less than one percent keeps a digit."""
    return f"{share * 100:.1f}%" if 0 < share < 0.01 else f"{share * 100:.0f}%"


def times(ratio: float) -> str:
    """2.13 as 2.1."""
    return f"{ratio:.1f}"
