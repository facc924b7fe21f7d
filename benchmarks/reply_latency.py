"""How soon a keyword reply is seen: a real Synapse, 50 groups, 20 messages a second of which every other asks what a rule answers.

From the beginning of the sender's request until the answer is in the sender's own sync. Beside it, in rounds that alternate with ours, Synapse's
own echo: until a message is in the sync of who sent it, while a bare bot answers as often, so that Synapse has as much to do.
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from benchmarks.result import Result
from benchmarks.server import environment, folder, serving
from tests.connectors.matrix.synapse import CLIENT, Synapse, User, installed

GROUPS, GROUPS_QUICK = 50, 10
PER_SECOND = 20  # one question to a group every five seconds: a rule answers twenty times a minute there at most
SECONDS, SECONDS_QUICK = 30, 4
SENDERS = 8
WARM_SECONDS = 1.0
LATE_SECONDS_MAX = 15.0
ASKED, TALK, ANSWER = "请问几点开门", "今天天气不错", "早上八点到晚上十点"
ASKED_BESIDE = "报一下时"  # what the bare bot answers and no rule does
SYNC_FILTER = json.dumps(
    {"presence": {"not_types": ["*"]}, "room": {"timeline": {"limit": 50, "types": ["m.room.message"]}, "state": {"not_types": ["*"]}}}
)


@dataclass(slots=True)
class Seen:
    """What one round measured, in seconds."""

    echoes: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)


def run(*, quick: bool) -> Result:
    """p99 milliseconds, median of the rounds."""
    reason, python = installed()
    if python is None:
        raise SystemExit(f"skipped: Synapse cannot be installed: {reason}")
    os.environ["HUTONG_EGRESS_LOOPBACK"] = "1"
    seconds, groups = (SECONDS_QUICK, GROUPS_QUICK) if quick else (SECONDS, GROUPS)
    ours: list[float] = []
    echoes: list[float] = []
    bare: list[float] = []
    server = Synapse(python)
    try:
        sender, bot = server.user("sender"), server.user("bot")
        rooms = [sender.room(name=f"{number}群") for number in range(groups)]
        for room in rooms:
            bot.act(room, "join")
        with folder() as data:
            _prepared(data, server.url, bot)
            for number in range(3):
                with _answering(server, bot):
                    beside = _round(server, sender, bot, rooms, seconds, question=ASKED_BESIDE)
                with serving(data):
                    we = _round(server, sender, bot, rooms, seconds, question=ASKED)
                ours.append(_p99(we.answers))
                bare.append(_p99(beside.answers))
                echoes.append(_p99(beside.echoes))
                print(
                    f"round {number + 1}: reply p99 {ours[-1]:,.0f} ms, median {statistics.median(we.answers) * 1000:,.0f} ms; "
                    f"echo {echoes[-1]:,.0f} ms (with us {_p99(we.echoes):,.0f} ms); bare bot {bare[-1]:,.0f} ms",
                    flush=True,
                )
    finally:
        server.stop()
    above = statistics.median(mine - theirs for mine, theirs in zip(ours, echoes, strict=True))
    extra: dict[str, object] = {"above_ms": round(above, 1), "bare_bot_ms": round(statistics.median(bare), 1), "groups": groups, "per_s": PER_SECOND}
    return Result("reply_latency", "ms", "Synapse's own echo", ours, echoes, extra)


def _p99(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=100)[98] * 1000


class Line:
    """One kept connection of a user."""

    def __init__(self, url: str, token: str) -> None:
        self._http = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """One request and its answer."""
        self._http.request(method, path, None if body is None else json.dumps(body), self._headers)
        answer = self._http.getresponse()
        said = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status} {said[:300]!r}")
        return json.loads(said)

    def say(self, room: str, key: str, text: str) -> str:
        """A message; its id."""
        path = f"{CLIENT}/rooms/{quote(room)}/send/m.room.message/{quote(key, safe='')}"
        return str(self.ask("PUT", path, {"msgtype": "m.text", "body": text})["event_id"])

    def sync(self, since: str, timeout_ms: int) -> tuple[str, list[tuple[str, str, str]]]:
        """Until there is something: the next place, and (room, sender, text) of what came."""
        path = f"{CLIENT}/sync?timeout={timeout_ms}&set_presence=offline&filter={quote(SYNC_FILTER)}" + (f"&since={quote(since)}" if since else "")
        said = self.ask("GET", path)
        found = [
            (room, one["sender"], one["content"].get("body", ""))
            for room, told in said.get("rooms", {}).get("join", {}).items()
            for one in told["timeline"]["events"]
        ]
        return said["next_batch"], found


_keys = itertools.count(1)


def _round(server: Synapse, sender: User, bot: User, rooms: list[str], seconds: int, *, question: str) -> Seen:
    """Talk and ask at the given rate; how long echoes and answers took."""
    seen, begun = Seen(), dict[str, float]()
    asked: dict[str, deque[float]] = {room: deque() for room in rooms}
    ending = threading.Event()
    since, _ = Line(server.url, sender.token).sync("", 0)
    total = PER_SECOND * seconds
    wanted = (total, (total + 1) // 2)

    def watch() -> None:
        line, place = Line(server.url, sender.token), since
        while not ending.is_set():
            place, found = line.sync(place, 1000)
            now = time.perf_counter()
            for room, who, text in found:
                if who == bot.id and asked[room]:
                    seen.answers.append(now - asked[room].popleft())
                elif who == sender.id and text in begun:
                    seen.echoes.append(now - begun[text])

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        for room in rooms:  # whoever answers is ready then, and knows every room
            _until_answered(server, sender, room, asked, seen, question)
        time.sleep(WARM_SECONDS)
        started = time.perf_counter()
        turns: Iterator[int] = iter(range(total))
        guard = threading.Lock()

        def send() -> None:
            line = Line(server.url, sender.token)
            while True:
                with guard:
                    number = next(turns, None)
                if number is None:
                    return
                time.sleep(max(0.0, started + number / PER_SECOND - time.perf_counter()))
                room, is_asked, key = rooms[(number // 2) % len(rooms)], number % 2 == 0, f"b{next(_keys)}"
                text = f"{question if is_asked else TALK} {key}"
                begun[text] = time.perf_counter()
                if is_asked:
                    asked[room].append(begun[text])
                line.say(room, key, text)

        senders = [threading.Thread(target=send) for _ in range(SENDERS)]
        for one in senders:
            one.start()
        for one in senders:
            one.join()
        until = time.perf_counter() + LATE_SECONDS_MAX
        while len(seen.echoes) < wanted[0] or len(seen.answers) < wanted[1]:
            if time.perf_counter() > until:
                raise RuntimeError(f"{len(seen.echoes)} of {wanted[0]} echoes, {len(seen.answers)} of {wanted[1]} answers came")
            time.sleep(0.02)
    finally:
        ending.set()
        watching.join()
    return seen


def _until_answered(server: Synapse, sender: User, room: str, asked: dict[str, deque[float]], seen: Seen, question: str) -> None:
    """One question, waited for."""
    asked[room].append(time.perf_counter())
    key = f"b{next(_keys)}"
    Line(server.url, sender.token).say(room, key, f"{question} {key}")
    until = time.perf_counter() + LATE_SECONDS_MAX
    while not seen.answers:
        if time.perf_counter() > until:
            raise RuntimeError("nobody answers")
        time.sleep(0.01)
    seen.answers.clear()


@contextmanager
def _answering(server: Synapse, bot: User) -> Iterator[None]:
    """A bot that does nothing else: it syncs and answers each question at once."""
    ending = threading.Event()
    since, _ = Line(server.url, bot.token).sync("", 0)

    def answer() -> None:
        reading, writing, place = Line(server.url, bot.token), [Line(server.url, bot.token) for _ in range(6)], since
        free: deque[Line] = deque(writing)

        def say(line: Line, room: str) -> None:
            line.say(room, f"r{next(_keys)}", ANSWER)
            free.append(line)

        while not ending.is_set():
            place, found = reading.sync(place, 1000)
            for room, who, text in found:
                if who != bot.id and text.startswith(ASKED_BESIDE):
                    line = free.popleft() if free else Line(server.url, bot.token)
                    threading.Thread(target=say, args=(line, room)).start()

    answering = threading.Thread(target=answer)
    answering.start()
    try:
        yield
    finally:
        ending.set()
        answering.join()


def _prepared(data: Path, url: str, bot: User) -> None:
    command = [sys.executable, "-m", "benchmarks.reply_latency", url, bot.token]
    subprocess.run(command, env=environment(data), check=True, stdout=subprocess.DEVNULL)


def _prepare(url: str, token: str) -> None:
    """A workspace with the account, its rooms as groups, and a rule."""
    import django

    django.setup()
    from django.core.management import call_command

    import hutong.config.api  # noqa: F401  (installs the features)

    call_command("migrate", verbosity=0)
    from hutong.channels.actions import accounts, chats
    from hutong.channels.messages import PartIn
    from hutong.channels.models import Chat
    from hutong.communities import actions as communities
    from hutong.replies.actions import rules
    from hutong.replies.schemas import ReplyAnswerIn, ReplyKeyword, ReplyRuleIn
    from hutong.workspaces.access import SYSTEM
    from hutong.workspaces.models import Workspace

    workspace = Workspace.objects.create(name="w", time_zone="Asia/Shanghai")
    account = accounts.connect(
        workspace, actor=SYSTEM, platform="matrix", name="bot", settings={"homeserver": url, "access_token": token, "join": "own"}
    )
    chats.refresh(workspace, account_id=account.pk)
    community = communities.create_community(workspace, actor=SYSTEM, name="c")
    for chat in Chat.objects.in_workspace(workspace):
        chats.link(workspace, actor=SYSTEM, chat_id=chat.pk, group_id=None, community_id=community.pk)
    given = ReplyRuleIn(name="hours", keywords=[ReplyKeyword(text=ASKED)], answers=[ReplyAnswerIn(parts=[PartIn(kind="text", text=ANSWER)])])  # type: ignore[call-arg]  # pydantic's defaults
    rules.create(workspace, actor=SYSTEM, given=given)


if __name__ == "__main__":
    _prepare(sys.argv[1], sys.argv[2])
