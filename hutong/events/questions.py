"""Whether a message asks something, in Chinese or English, by its form alone.

A message is a question when (1) it ends in a question mark, trailing emoji, brackets and full stops aside, or (2) it ends in a Chinese
question particle, or (3) one of its sentences opens with, or contains, a plain question form: 请问, 怎么, 如何, 为什么, 哪里, 有没有, 是不是 ...;
what, how, why, can someone, does anyone ... Links, code and quoted lines do not count. A rhetorical 怎么 is still a question: the form
decides, so that the same text always gives the same answer.
"""

from __future__ import annotations

import re

SCANNED_CHARACTERS = 2_000
LAST_CHARACTERS = 40

_NOISE = re.compile(r"https?://\S+|`[^`]*`|^>.*$", re.MULTILINE)
_ADDRESS = re.compile(r"\s*+(?:@?[^\s:,，：]{1,40}+(?:[:：]|([,，]))\s*+(?=\S)|@\S{1,40}\s+)")
_TAIL = re.compile(
    r"(?:[\s.。!！~～…、,，;；)）\]】」』\"'”’_*^-]|\[[^\[\]\n]{1,12}\]|[:;=]-?[)(DPpO3oSs/|\\]"
    r"|[\u200b-\u200f\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])+$"
)
_SURE_ENDING = re.compile(
    r"(?:[吗嗎]|[有是能会會行好对對要可].{0,12}(?:没有|没|不)"
    r"|(?:怎么|什么|为什么|谁|哪|多少|几|如何|咋|在|人|我|你|他).{0,20}呢|(?<![什怎那这多要])[么麼]|[是在找叫跟][谁誰哪]|(?:在|去|来|到)哪儿?|怎么办|(?<!不)怎么样|咋样|为啥)$"
)
_CHINESE_LETTERS = re.compile(r"[\u4e00-\u9fff]")
_CHINESE = re.compile(
    r"请问|請問|求助|求教|想问|想問|问一下|問一下|问下|(?<!不)怎么(?!样都|都|也|说呢|可能|回事都)|(?<!不)怎麼(?!都|也)|怎样|怎樣|咋(?!们|呼)|如何(?!都|也)"
    r"|为什么|為什麼|为啥|為啥|为何|干嘛(?!都)|哪里|哪裡|哪儿|哪位|哪个|哪個|哪些|哪种|哪天"
    r"|谁(?:知道|能|会|有|用过|在|是|懂|可以)|誰(?:知道|能|會|有|是)|有没有|有沒有|是不是|能不能|可不可以|会不会|會不會|要不要"
    r"|行不行|好不好|对不对|對不對|什么时候|什麼時候|啥时候|多少钱|多少錢|多久|多大|几点|幾點|(?<!没)(?<!好)几个人|是否|能否|可否|有人知道|有谁|有人(?:用过|会|懂|能)"
)
# The same words told rather than asked: "我知道怎么做", "不管怎么说", "自己都不知道哪个好".
_CHINESE_TOLD = re.compile(
    r"(?:知道|明白|懂|清楚|不管|无论|無論|学会|教你|告诉你|看看|研究|讨论|记得|忘了)[^,，。.!！？?]{0,6}"
    r"(?:怎么|怎麼|怎样|如何|为什么|哪里|哪儿|是不是|是否|有没有|哪个|多少|多久)"
)
_ENGLISH = (
    r"(?:(?:so|and|but|hi|hey|hello|ok|okay|well|also|um+|hm+|guys|folks|all|please|btw)[\s,]+){0,3}"
    r"(?:(?:what|how|why|when|where|who)'s\b"
    r"|(?:what|how|why|when|where|who|whose|which)(?:'re|'d|'ll)?\s+(?:is|are|am|was|were|do|does|did|can|could|will|would|should|to|has|have|about"
    r"|many|much|come|else|kind|type|version|the\s+(?:hell|heck|fuck))\b"
    r"|(?:can|could|would|will)\s+(?:any(?:one|body)|some(?:one|body)|i|you|we)\b"
    r"|(?:is|are)\s+(?:there|any(?:one|body)|it\s+(?:possible|ok|okay|normal)|you|this|that)\b|(?:do|does|did|has|have)\s+(?:any(?:one|body)|you|i\s+(?:need|have))\b"
    r"|any(?:one|body)\s+(?:know|knows|here|have|has|had|got|using|used|tried|seen|help|else|able|around|up|familiar)\b"
    r"|any\s+(?:idea|ideas|tips?|suggestions?|advice|help|chance|thoughts)\b)"
)
# "what is about to change is ...", "which is fine": a clause, not a question.
_ENGLISH_TOLD = r"(?:which\s+(?:is|are|was|has|have|can|will|would)|what\s+(?:is|was)\s+(?:about|more|left|worse|important))\b"
# Every form above begins with one of these letters: most sentences are seen not to ask at their first.
_ASKS = rf"[\s\"'(]*+(?=[abcdfghiopsuw])(?!{_ENGLISH_TOLD}){_ENGLISH}"
_FIRST_ASKS = re.compile(_ASKS, re.IGNORECASE)
_LATER_ASKS = re.compile(rf"[.!;:\n][.!;:\n]*+{_ASKS}", re.IGNORECASE)


def is_question(text: str) -> bool:
    """True when the form of the message is that of a question."""
    plain = text if len(text) <= SCANNED_CHARACTERS else text[:SCANNED_CHARACTERS]
    if "://" in plain or "`" in plain or ">" in plain:
        plain = _NOISE.sub(" ", plain)
    is_chinese = not plain.isascii() and _CHINESE_LETTERS.search(plain) is not None
    if "?" in plain or "？" in plain or is_chinese:
        ending = _TAIL.sub("", plain[-LAST_CHARACTERS:])
        if ending.endswith(("?", "？")):
            return True
        if is_chinese and _SURE_ENDING.search(ending):
            return True
    start = begins = 0
    addressed = _ADDRESS.match(plain)
    if addressed is not None:
        start = addressed.end()
        begins = 0 if addressed[1] else start  # what stands before a comma may be the question: 请问几点开始，要报名
    if is_chinese and _CHINESE.search(plain, begins) and not _CHINESE_TOLD.search(plain, begins):
        return True
    return _FIRST_ASKS.match(plain, start) is not None or _LATER_ASKS.search(plain, start) is not None
