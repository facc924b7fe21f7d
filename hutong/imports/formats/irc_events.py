"""The lines of an IRC log that are not messages: who came, went, was kicked, changed nick, did something, changed the channel."""

from __future__ import annotations

import re
from typing import NamedTuple

from hutong.imports.records import Kind


class Event(NamedTuple):
    """`subject` is the new nick of a rename, or who kicked."""

    kind: Kind
    nick: str
    text: str = ""
    subject: str = ""


# RFC 1459: these four are the capitals of those four.
_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ[]\\~", "abcdefghijklmnopqrstuvwxyz{}|^")


def lower_nick(nick: str) -> str:
    """The nick as servers compare it."""
    return nick.translate(_LOWER)


_NICK = r"(?P<nick>[^\s<(]\S*)"
_HOST = r"(?: \([^)]*\)| \[[^\]]*\]| <[^>]*>)?"
_HOST_NEEDED = r"(?: \([^)]*@[^)]*\)| \[[^\]]*@[^\]]*\]| <[^>]*@[^>]*>)"
_WHERE = r"(?:[#&+!]\S*?|IRC|irc|the channel)"
_REASON = r"(?::? ?[(\[\"](?P<reason>.*)[)\]\"]|: (?P<why>.*))?\.?\s*"

# Each with a word the line must contain: looking for the word is cheaper than trying the pattern.
_EVENTS_WRITTEN: tuple[tuple[str, Kind, str], ...] = (
    (" joined", "join", rf"{_NICK}{_HOST} (?:has )?joined(?: (?:channel )?{_WHERE})?\.?\s*"),
    (" has quit", "leave", rf"{_NICK}{_HOST} has quit(?: {_WHERE})?{_REASON}"),
    ("Joins: ", "join", rf"Joins: {_NICK}.*"),
    ("s: ", "leave", rf"(?:Quits|Parts): {_NICK}(?: \([^)]*\))?(?: \((?P<reason>.*)\))?\s*"),
    (" is now known as ", "rename", rf"{_NICK} is now known as (?P<subject>\S+)\s*"),
    (" has left", "leave", rf"{_NICK}{_HOST} has left(?: (?:channel )?{_WHERE})?{_REASON}"),
    ("kicked ", "leave", rf"{_NICK}{_HOST} (?:was kicked|kicked)(?: (?:off|from) {_WHERE})? by (?P<subject>[^\s:]+){_REASON}"),
    (" has kicked ", "leave", rf"(?P<subject>\S+) has kicked {_NICK}(?: from {_WHERE})?{_REASON}"),
    ("Signoff: ", "leave", rf"Signoff: {_NICK}{_REASON}"),
    ("Nick change: ", "rename", r"Nick change: (?P<nick>\S+) -> (?P<subject>\S+)\s*"),
    (" left ", "leave", rf"{_NICK}{_HOST_NEEDED} left {_WHERE}{_REASON}"),
    (" Quit", "leave", rf"{_NICK}{_HOST_NEEDED} Quit{_REASON}"),
)
_EVENTS = tuple((word, kind, re.compile(pattern, re.DOTALL)) for word, kind, pattern in _EVENTS_WRITTEN)
# What only a marked line can say in so few words.
_MARKED_WRITTEN: tuple[tuple[Kind, str], ...] = (
    ("leave", rf"{_NICK}{_HOST} (?:left|quit)(?:{_HOST})?{_REASON}"),
    ("join", rf"{_NICK} joined{_HOST}\s*"),
    ("rename", r"(?P<nick>\S+) → (?P<subject>\S+)\s*"),
)
_ARROW = re.compile(_MARKED_WRITTEN[-1][1])
_MARKED_EVENTS = tuple((kind, re.compile(pattern, re.DOTALL)) for kind, pattern in _MARKED_WRITTEN)
# After a single star a person may have typed anything with /me, so only lines no one types count as events.
_CERTAIN_WRITTEN: tuple[tuple[Kind, str], ...] = (
    ("join", rf"{_NICK}{_HOST_NEEDED} has joined(?: {_WHERE})?\s*"),
    ("leave", rf"{_NICK}{_HOST_NEEDED} (?:has left(?: {_WHERE})?|Quit|has quit(?: IRC)?){_REASON}"),
    ("leave", rf"{_NICK} has quit \((?P<reason>.*)\)\s*"),
    ("leave", rf"{_NICK} was kicked by (?P<subject>\S+) \((?P<reason>.*)\)\s*"),
    ("leave", rf"(?P<subject>\S+) has kicked {_NICK} from {_WHERE}{_REASON}"),
    ("rename", rf"{_NICK} is now known as (?P<subject>\S+)\s*"),
    ("system", rf"{_NICK} sets mode(?:s)?:? (?P<reason>.*)"),
    ("system", rf"{_NICK} (?:changes topic to|has changed the topic to:?|sets the channel) (?P<reason>.*)"),
)
_CERTAIN = tuple((kind, re.compile(pattern, re.DOTALL)) for kind, pattern in _CERTAIN_WRITTEN)
# What mIRC and HexChat themselves write after the star of an action.
_CLIENT = re.compile(
    r"\*[ \t]+(?:(?:Now talking|Users) (?:in|on) [#&+!]\S*.*|Topic (?:is ['\"]|for [#&+!]\S+).*|Set by \S+ on .*|Disconnected(?: \(.*)?|Rejoined channel [#&+!].*"
    r"|Attempting to rejoin .*|Channel (?:mode (?:is|set)|[#&+!]\S+ (?:created|modes)).*|(?:You (?:are now known as|were kicked|have been|have joined|have left)|Looking up|Connect(?:ing|ed) to) .*"
    r"|[#&+!]\S+ (?:created on|modes:|topic|url).*)\s*",
    re.DOTALL,
)
_LISTED = re.compile(r"\[Users [#&+!]\S+\]\s*|(?:\[[ @+%&~!]\S+\s*\]\s*)+")
_SPLIT = re.compile(r"(?:-!- )?Netsplit (?:\S+ <-> \S+ (?P<quits>quits)|over, joins): (?P<nicks>[^()]*?)\s*(?:\(.*)?")
_RETURNED = re.compile(rf"{_NICK}{_HOST_NEEDED} (?:(?P<quit>got netsplit)|returned to [#&+!]\S*?)\.\s*")
_MARKED = re.compile(r"(?:\*\*\*|===|-!-|-->|<--|---|--|→|←|⇐)[ \t]+(.*)", re.DOTALL)
_ACTION = re.compile(r"(?:\* |\*\t|•|— )\s*(\S+)[ \t]?(.*)", re.DOTALL)
_EGGDROP_ACTION = re.compile(r"Action: (\S+) (.*)", re.DOTALL)
_NOTICE = re.compile(r"-(\S{1,60}?)(?:\([^)\s]*\)|:[#&]\S+)?- (.*)", re.DOTALL)
_BY_NICK = re.compile(
    r"(\S+) (?:sets mode|sets channel|changes topic|changed the topic|set the topic|has changed the topic|has changed topic|has set the topic|invited|has invited|removes|gives|has changed mode|unset)\b"
)
_MODE_BY = re.compile(r"(?:mode/\S+ \[.*\] by |Mode \S+ \[.*\] by |\S+: mode change .* by |Topic changed on \S+ by )([^\s!]+)")


def read_event(rest: str) -> Event | None:
    """What a timed line that is no <nick> message says; None if it is not understood."""
    marked = _MARKED.match(rest)
    if marked:
        return _event(marked[1]) or _brief(marked[1]) or _system(marked[1])
    if rest.startswith("<"):
        return None
    if _CLIENT.fullmatch(rest) or _LISTED.fullmatch(rest):
        return Event("system", "", rest)
    action = _ACTION.match(rest)
    if action:
        for kind, pattern in _CERTAIN:
            found = pattern.fullmatch(rest[1:].strip())
            if found:
                return _from(kind, found)
        return Event("message", action[1], action[2])
    eggdrop = _EGGDROP_ACTION.match(rest)
    if eggdrop:
        return Event("message", eggdrop[1], eggdrop[2])
    notice = _NOTICE.match(rest)
    if notice:
        # By convention only services and bots send notices to a channel: announced, not said.
        return Event("system", notice[1], notice[2])
    bare = _event(rest)
    if bare:
        return bare
    renamed = _ARROW.fullmatch(rest)
    if renamed:
        return _from("rename", renamed)
    split = _RETURNED.fullmatch(rest)
    if split:
        return Event("leave" if split["quit"] else "join", split["nick"], "netsplit" if split["quit"] else "")
    by = _MODE_BY.match(rest)
    if by:
        return Event("system", by[1], rest)
    return None


def read_netsplit(rest: str) -> list[Event]:
    """Everybody a line about a netsplit names: gone when servers part, back when they meet again."""
    found = _SPLIT.fullmatch(rest) if "Netsplit" in rest else None
    if found is None:
        return []
    nicks = filter(None, (nick.strip() for nick in found["nicks"].split(",")))
    return [Event("leave", nick, "netsplit") if found["quits"] else Event("join", nick) for nick in nicks]


def _brief(text: str) -> Event | None:
    for kind, pattern in _MARKED_EVENTS:
        if found := pattern.fullmatch(text):
            return _from(kind, found)
    return None


def _event(text: str) -> Event | None:
    for word, kind, pattern in _EVENTS:
        if word in text and (found := pattern.fullmatch(text)):
            return _from(kind, found)
    return None


def _from(kind: Kind, found: re.Match[str]) -> Event:
    groups = found.groupdict()
    reason = groups.get("reason") or groups.get("why") or ""
    subject = groups.get("subject") or ""
    return Event(kind, found["nick"], subject if kind == "rename" else reason, subject)


def _system(text: str) -> Event:
    by = _MODE_BY.match(text) or _BY_NICK.match(text)
    return Event("system", by[1] if by else "", text)
