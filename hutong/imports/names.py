"""What the names of files say: the day of a log, and the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

MONTHS = {name: number for number, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)}

_DATES = re.compile(
    r"(?<!\d)(?P<year>19[89]\d|20\d\d)(?P<mark>[-_./]?)(?P<month>0[1-9]|1[0-2])(?P=mark)(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"
    r"|(?<!\d)(?P<year_zh>19[89]\d|20\d\d)年(?P<month_zh>\d{1,2})月(?P<day_zh>\d{1,2})日"
    # 02Jan2016, as eggdrop names its logs
    rf"|(?<![0-9])(?P<day_en>0?[1-9]|[12]\d|3[01])[-_. ]?(?P<month_en>{'|'.join(MONTHS)})[-_. ]?(?P<year_en>19[89]\d|20\d\d)(?!\d)",
    re.IGNORECASE,
)


def date_in_name(name: str) -> date | None:
    """The date a file's name states: 2013-01-02.txt, qtox_20161101.log.txt, 2013/01/02/#chan.txt, chan.log.02Jan2016; the last one if several."""
    for found in reversed(list(_DATES.finditer(name))):
        for day in _day(found):
            return day
    return None


def _day(found: re.Match[str]) -> Iterator[date]:
    year = found["year"] or found["year_zh"] or found["year_en"]
    month = found["month"] or found["month_zh"] or str(MONTHS[found["month_en"].lower()])
    try:
        yield date(int(year), int(month), int(found["day"] or found["day_zh"] or found["day_en"]))
    except ValueError:
        return


def name_without_date(name: str) -> str:
    """What a file's name says beside the date and the suffix: "#chan_20160102.log" -> "#chan"."""
    base = _DATES.sub(" ", name.replace("%23", "#").replace("\\", "/")).split("/")[-1].rstrip(" _.-")
    return _strip(re.sub(r"(?i)(?:\.(?:txt|log|weechatlog|jsonl?|ndjson|csv|tsv|zip|gz))+$", "", base))


def _strip(name: str) -> str:
    return re.sub(r"^[\s_.-]+|[\s_.-]+$", "", name)


def part_order(name: str) -> tuple[str, list[tuple[int, int, str]]]:
    """Sorts 2 before 10 and 2016-01-31 before 20160201; a part without a date comes by its name."""
    day = date_in_name(name)
    pieces = [(0, int(piece), "") if piece.isdigit() and piece.isascii() else (1, 0, piece) for piece in re.split(r"([0-9]+)", name) if piece]
    return (day.isoformat() if day else "", pieces)
