"""Keyword replies against a real chat: every variant on, 1,000 and 20,000 rules; beside NoneBot2's rule over the same keywords."""

from __future__ import annotations

import asyncio
import csv
import gzip
import random
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.result import Result

CHAT = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "chat" / "ubuntu-cn_2013-01-01_15.csv.gz"
MESSAGES = 10_000
RULES = (1_000, 20_000)
EXACT_SHARE, REGEXES = 0.1, 20
THEIRS_MESSAGES = 300  # of the slower one; rates are compared


def run(*, quick: bool) -> Result:
    """Messages a second at 20,000 rules, median of the rounds."""
    if not CHAT.exists():
        raise SystemExit("skipped: ../shared/data/chat/ubuntu-cn_2013-01-01_15.csv.gz is absent")
    texts = _texts()
    words = _words(texts, RULES[-1])
    ours = {count: _ours(words[:count]) for count in RULES}
    theirs = _theirs(words)
    rates: dict[int, list[float]] = {count: [] for count in RULES}
    others: list[float] = []
    repeat = 1 if quick else 3
    hits = 0
    for number in range(3 if quick else 5):
        for count, ask in ours.items():
            rates[count].append(_rate(texts * repeat, ask))
        others.append(_rate(texts[: THEIRS_MESSAGES * repeat], theirs))
        print(f"round {number + 1}: {rates[RULES[0]][-1]:,.0f}/s and {rates[RULES[1]][-1]:,.0f}/s, NoneBot2 {others[-1]:,.0f}/s", flush=True)
    hits = sum(1 for text in texts if ours[RULES[-1]](text))
    held = sum(a / b for a, b in zip(rates[RULES[-1]], rates[RULES[0]], strict=True)) / len(others)
    extra: dict[str, object] = {"rules": RULES[-1], "messages": len(texts), "matched": hits, "against_1000_rules": round(held, 3)}
    return Result("keyword_match", "messages/s", "NoneBot2 nonebot.rule.keyword, all words in one set", rates[RULES[-1]], others, extra)


def _rate(texts: list[str], ask: Callable[[str], object]) -> float:
    started = time.perf_counter()
    for text in texts:
        ask(text)
    return len(texts) / (time.perf_counter() - started)


def _texts() -> list[str]:
    with gzip.open(CHAT, "rt", encoding="utf-8", newline="") as stream:
        found = [row["text"] for row in csv.DictReader(stream) if row["kind"] == "message"]
    return found[:MESSAGES]


def _words(texts: list[str], count: int) -> list[str]:
    """Keywords of 3 to 8 characters of the chat, most of them said by nobody, and one in a hundred that somebody said: most talk is for no rule."""
    chance = random.Random(20)
    letters = [char for text in texts for char in text if "\u4e00" <= char <= "\u9fff"]
    found: dict[str, None] = {}
    while len(found) < count // 100:
        text = chance.choice(texts)
        length = chance.randint(4, 8)
        at = chance.randrange(max(1, len(text) - length))
        word = text[at : at + length].strip()
        if len(word) >= 4 and any("\u4e00" <= char <= "\u9fff" for char in word):
            found[word] = None
    while len(found) < count:
        found["".join(chance.choice(letters) for _ in range(chance.randint(3, 8)))] = None
    mixed = list(found)
    chance.shuffle(mixed)
    return mixed


def _ours(words: list[str]) -> Callable[[str], object]:
    from hutong.replies.matching.compiled import Compiled, Keyword
    from hutong.replies.matching.folding import EVERY
    from hutong.replies.matching.matcher import Matcher
    from hutong.replies.matching.said import Said

    rules = []
    for at, word in enumerate(words):
        way: Any = "exact" if at % 10 == 0 else "contains"
        keyword = Keyword(f"{word[:1]}\\d+号", "regex") if at < REGEXES and word[:1].isalnum() else Keyword(word, way)
        rules.append(Compiled(id=uuid.UUID(int=at), name=word, priority=100, age=(at, ""), mask=EVERY, keywords=(keyword,)))
    started = time.perf_counter()
    matcher = Matcher(rules)
    print(f"{len(words):,} rules ready in {time.perf_counter() - started:.2f} s", flush=True)

    def ask(text: str) -> object:
        hits = matcher.find(Said(text))
        return min(hits, key=lambda hit: hit.rank) if hits else None

    return ask


def _theirs(words: list[str]) -> Callable[[str], object]:
    """All words as one `on_keyword` set, which is as fast as it gets there: it stops at the first and knows no variants, ways or priorities."""
    from nonebot.rule import KeywordsRule

    class Event:
        """What the rule asks of an event of its framework."""

        def __init__(self, text: str) -> None:
            self._text = text

        def get_plaintext(self) -> str:
            return self._text

    asked: Any = KeywordsRule(*words)

    async def every(texts: list[str]) -> None:
        for text in texts:
            await asked(Event(text), {})

    loop = asyncio.new_event_loop()
    return lambda text: loop.run_until_complete(every([text]))
