"""Keywords in messages: each variant by example, then everything at once against a naive reading."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hutong.foundation.errors import Invalid
from hutong.replies.matching import folding, patterns
from hutong.replies.matching.compiled import Compiled, Keyword, similar
from hutong.replies.matching.folding import EVERY, VARIANTS
from hutong.replies.matching.matcher import Matcher, steps
from hutong.replies.matching.said import Said
from tests.replies import oracle


def rule(name: str, *keywords: tuple[str, str], mask: int = EVERY, priority: int = 100, age: int = 0) -> Compiled:
    return Compiled(
        id=uuid.uuid5(uuid.NAMESPACE_URL, name), name=name, priority=priority, age=(age, name), mask=mask,
        keywords=tuple(Keyword(text, way) for text, way in keywords),
    )  # fmt: skip


def found(keyword: str, text: str, *, way: str = "contains", mask: int = EVERY, words: tuple[tuple[str, ...], ...] = ()) -> list[str] | None:
    """The steps it took; None where it was not found."""
    said = Said(text)
    hits = Matcher([rule("r", (keyword, way), mask=mask)], similar(words)).find(said)
    return steps(hits[0], said) if hits else None


@pytest.mark.parametrize(
    ("keyword", "text", "needed"),
    [
        ("价格", "这个价格是多少", []),
        ("WiFi", "店里有wifi吗", ["case"]),
        ("wifi", "有ＷＩＦＩ吗", ["case", "width"]),
        ("价格", "價格多少", ["script"]),
        ("價格", "价格多少", ["script"]),
        ("价格", "价 格 多少", ["gaps"]),
        ("价格", "价*格-多少", ["gaps"]),
        ("价格", "价\u200b格多少", []),
        ("价格", "价\u200b·格", ["gaps"]),
        ("价格", "加个好友", ["pinyin"]),
        ("价格", "加 個好友", ["gaps", "pinyin"]),
        ("银行", "去银航办卡", ["pinyin"]),
        ("hello world", "say hello-world now", ["gaps"]),
        ("hello world", "helloworld", ["gaps"]),
        ("c++", "会 C++ 吗", ["case"]),
        ("C++", "C + + 入门", ["gaps"]),
        ("🎁", "有 🎁 吗", []),
        ("❤️", "谢谢❤", []),
        ("①群", "1群满了吗", ["width"]),
    ],
)
def test_each_variant(keyword: str, text: str, needed: list[str]) -> None:
    assert found(keyword, text) == needed


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        ("shell", "this hello"),  # two words that meet
        ("art", "a rtx card"),
        ("C++", "我会C语言"),
        ("+1", "2011年"),
        ("价", "家"),  # one character has too many homophones
        ("价格", "格价"),
        ("QQ群", "QQ裙"),  # homophones only where all of it is Chinese
    ],
)
def test_what_is_not_meant(keyword: str, text: str) -> None:
    assert found(keyword, text) is None


def test_spaced_letters_are_the_word_and_words_may_be_within_words() -> None:
    assert found("shell", "s h e l l 教程") == ["gaps"]
    assert found("art", "let us start") == []


def test_exact_is_the_whole_message() -> None:
    assert found("价格", "价格？", way="exact") == ["gaps"]
    assert found("价格", "价格", way="exact") == []
    assert found("价格", "价格多少", way="exact") is None
    assert found("价格", "加個", way="exact") == ["pinyin"]


@pytest.mark.parametrize("variant", ["case", "width", "script", "gaps", "pinyin"])
def test_a_variant_that_is_off_does_not_count(variant: str) -> None:
    text = {"case": "wifi密码", "width": "ＷiFi", "script": "價格", "gaps": "价-格", "pinyin": "加个"}[variant]
    keyword = "WiFi" if variant in ("case", "width") else "价格"
    mask = EVERY & ~VARIANTS[variant]
    if variant == "script":
        mask &= ~VARIANTS["pinyin"]  # which does not tell scripts apart
    assert found(keyword, text) is not None
    assert found(keyword, text, mask=mask) is None


def test_synonyms() -> None:
    words = (("价格", "价钱", "多少钱"),)
    assert found("价格", "这要多少錢", words=words) == ["script", "synonyms"]
    assert found("价格", "这要多少钱", words=words, mask=EVERY & ~VARIANTS["synonyms"]) is None
    assert found("課程", "价钱", words=words) is None


def test_regular_expressions() -> None:
    assert found(r"(几|多少)点(开门|营业)", "请问几点开门", way="regex") == []
    assert found(r"多少钱", "多少錢", way="regex") == []
    assert found(r"多少钱", "多少錢", way="regex", mask=0) is None
    assert found(r"^v\d+$", "V12", way="regex") == []
    assert found(r"^v\d+$", "V12", way="regex", mask=0) is None
    patterns.check("x", r"\d{3,5}元")
    for bad in (r"(a)\1", "(?=a)", "(", "a*", "(" * 400, "x" * 301, "(a{1000}){1000}"):
        with pytest.raises(Invalid):
            patterns.check("x", bad)


def test_many_expressions_are_asked_one_by_one_where_they_do_not_fit_together() -> None:
    rules = [rule(f"r{at}", (f"(?P<n>词{at}$)", "regex"), mask=EVERY if at % 2 else 0) for at in range(20)]
    assert sorted(hit.rule.name for hit in Matcher(rules).find(Said("词7 词17"))) == ["r17"]
    assert [hit.rule.name for hit in Matcher(rules).find(Said("詞7"))] == ["r7"]
    assert Matcher(rules).find(Said("詞8")) == []
    odd = [rule("open", (r"\Qa+b", "regex")), rule("or", ("x|y", "regex"))]
    assert sorted(hit.rule.name for hit in Matcher(odd).find(Said("a+b y"))) == ["open", "or"]


def test_a_pattern_that_would_hang_others_takes_no_time() -> None:
    assert found("(a+)+$", "a" * 3_999 + "b", way="regex") is None


def test_the_longest_keyword_of_the_highest_priority() -> None:
    rules = [
        rule("old", ("课程", "contains"), age=1),
        rule("long", ("课程价格", "contains"), age=2),
        rule("first", ("价格", "contains"), priority=200, age=3),
        rule("same", ("课程价格", "contains"), age=4),
    ]
    hits = sorted(Matcher(rules).find(Said("课程价格多少")), key=lambda hit: hit.rank)
    assert [hit.rule.name for hit in hits] == ["first", "long", "same", "old"]


def test_a_keyword_written_another_way_than_in_its_group_has_all_of_the_group() -> None:
    only = VARIANTS["synonyms"]
    assert found("１", "1", way="exact", mask=only, words=(("1", "one"),)) == ["synonyms"]
    assert found("１", "one", way="exact", mask=only, words=(("1", "one"),)) == ["synonyms"]
    assert found("１", "１", way="exact", mask=only, words=(("1", "１"),)) == []


LETTERS = "价價加佳格个個银行航aBbＢ１1+ -*\u200b。"
TEXTS = st.text(alphabet=LETTERS, max_size=12)
WORDS = st.text(alphabet=LETTERS, min_size=1, max_size=4).filter(lambda word: bool(folding.plain(word).strip(" 。-*")) and word.strip() == word)


@st.composite
def rule_lists(draw: st.DrawFn) -> list[Compiled]:
    given_rules = draw(
        st.lists(
            st.tuples(
                st.lists(st.tuples(WORDS, st.sampled_from(["exact", "contains"])), min_size=1, max_size=3),
                st.one_of(st.just(EVERY), st.integers(0, EVERY)),
                st.integers(0, 2),
            ),
            max_size=6,
        )
    )
    return [rule(f"r{at}", *keywords, mask=mask, priority=priority, age=at) for at, (keywords, mask, priority) in enumerate(given_rules)]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rules=rule_lists(), text=TEXTS, groups=st.lists(st.lists(WORDS, min_size=2, max_size=3), max_size=2))
def test_as_the_naive_reading(rules: list[Compiled], text: str, groups: list[list[str]]) -> None:
    hits = sorted(Matcher(rules, similar(groups)).find(Said(text)), key=lambda hit: hit.rank)
    assert [(hit.rule.name, hit.length) for hit in hits] == oracle.ranked(rules, text, groups)


@settings(max_examples=300, deadline=None)
@given(
    words=st.lists(st.text(alphabet="ab价 ", min_size=2, max_size=3).filter(lambda word: word.strip() == word), max_size=4),
    text=st.text(alphabet="ab价 -", max_size=10),
)
def test_edges_of_words_as_the_naive_reading(words: list[str], text: str) -> None:
    rules = [rule(f"r{at}", (word, "contains"), age=at) for at, word in enumerate(words)]
    hits = sorted(Matcher(rules).find(Said(text)), key=lambda hit: hit.rank)
    assert [(hit.rule.name, hit.length) for hit in hits] == oracle.ranked(rules, text, [])
