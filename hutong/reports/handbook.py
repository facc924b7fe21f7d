"""docs/metrics.md, rendered from the definitions: `python -m hutong.reports.handbook > docs/metrics.md`."""

from __future__ import annotations

import sys

from hutong.reports.days import RANGE_DAYS_MAX
from hutong.reports.definitions import DEFINITIONS, Definition

UNITS = {
    "members": {"zh": "人", "en": "people"},
    "messages": {"zh": "条", "en": "messages"},
    "events": {"zh": "次", "en": "events"},
    "questions": {"zh": "条", "en": "questions"},
    "seconds": {"zh": "秒", "en": "seconds"},
    "conversations": {"zh": "个", "en": "conversations"},
    "share": {"zh": "百分比", "en": "percent"},
}
BETTER = {"up": {"zh": "越高越好", "en": "higher"}, "down": {"zh": "越低越好", "en": "lower"}, "none": {"zh": "无好坏", "en": "neither"}}

INTRO_ZH = f"""# 指标 Metrics

[English below](#metrics-in-english)

产品里的每个数字只有一个定义。控制台的提示、接口 `GET /reports/definitions`、命令 `hutong metrics` 和本页用的是同一份。

## 先说清楚的词

* **活动**：成员自己做的事：发言、表情回应、浏览页面，以及网站或应用上报的其他行为事件。进群、退群、改名、系统消息不算。
* **活跃成员**：那段时间里至少有一次活动的成员。
* **在群里**：从首次进群或首次被看到起，到离开为止；离开后又进群或又说话，是新的一段。只看到离开的人，算当天来、当天走。
* **当地日**：社群所在时区的日历日。工作区里的社群各按自己的时区。
* **范围**：从第一天到最后一天，两头都算，最多 {RANGE_DAYS_MAX:,} 天。还没到来的日子不算在内。
* **口径**：整个工作区（不含已归档社群）、一个社群、一个或几个群、一个渠道。人在几个群里只算一次；“首次”指在所选口径内的首次。
* **对比**：前一个等长时段、去年同期（2 月 29 日对 2 月 28 日）、自选时段或不对比。数量比相对变化，百分比与净增长比差值。
* **按天、周、月的序列**：每一格就是把那一天（周、月）当作范围时的指标；周从周一开始，两头不满的照实截断。
* **没有可除的数**时显示“—”，不显示 0。

事件被接受后 2 秒内进入数字。
"""

INTRO_EN = f"""## Metrics in English

Every number of the product has one definition. The console's tooltips, the operation `GET /reports/definitions`, the command
`hutong metrics` and this page use the same one.

## Words first

* **Activity**: something a member does: a message, a reaction, a page view, any other action tracked by a site or an app. Joining,
  leaving, renaming and notices are none.
* **Active member**: a member with at least one activity in that time.
* **Present in a group**: from first joining or first being seen until leaving; joining or speaking again begins a new stay. Someone
  only seen leaving came and went that day.
* **Local day**: a calendar day in the community's time zone. Each community of a workspace counts in its own.
* **Range**: from the first day to the last, both included, at most {RANGE_DAYS_MAX:,} days. Days to come are left out.
* **Scope**: the whole workspace (without archived communities), a community, one or more groups, a channel. Someone in several
  groups counts once; "first" means first in the chosen scope.
* **Comparison**: the period of equal length before, the same days a year earlier (29 February against the 28th), days of your choice, or none.
  Counts compare as relative change, shares and net growth as a difference.
* **Series by day, week, month**: each point is the metric of that bucket taken as a range; weeks begin on Monday, the first and the last
  bucket are cut where the range cuts them.
* **Nothing to divide by** shows as a dash, not as 0.

An event is in the numbers within 2 seconds of being accepted.
"""


def page() -> str:
    """The whole page."""
    chinese = [_entry_zh(one) for one in DEFINITIONS]
    english = [_entry_en(one) for one in DEFINITIONS]
    return "\n".join([INTRO_ZH, "## 定义\n", *chinese, INTRO_EN, "## Definitions\n", *english])


def _entry_zh(one: Definition) -> str:
    facts = f"`{one.key}` · 单位：{UNITS[one.unit]['zh']} · {BETTER[one.better]['zh']}"
    series = " · 有按天、周、月的序列" if one.has_series else ""
    return f"### {one.zh}\n\n{one.formula_zh}\n\n{facts}{series}\n"


def _entry_en(one: Definition) -> str:
    facts = f"`{one.key}` · unit: {UNITS[one.unit]['en']} · better: {BETTER[one.better]['en']}"
    series = " · has a series by day, week, month" if one.has_series else ""
    return f"### {one.en}\n\n{one.formula_en}\n\n{facts}{series}\n"


if __name__ == "__main__":
    sys.stdout.write(page())
