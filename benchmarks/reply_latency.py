"""How soon a keyword reply is seen: a real Synapse, 50 groups, 20 messages a second of which every other asks what a rule answers.

From the beginning of the sender's request until the answer is in the sender's own sync, of a server that runs: it is started once and has answered
in every group before the first round. Beside it, in rounds that alternate with ours, Synapse's own echo: until a message is in the sync of who
sent it, in groups of its own where a bare bot answers as often, so that Synapse has as much to do, while ours has nothing to do.
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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import psutil

from benchmarks.result import Result
from benchmarks.server import environment, folder, serving
from tests.connectors.matrix.synapse import CLIENT, Synapse, User, installed

GROUPS, GROUPS_QUICK = 50, 10
PER_SECOND = 20  # one question to a group every five seconds: a rule answers twenty times a minute there at most
SECONDS, SECONDS_QUICK = 30, 2
ROUNDS = 3
SENDERS = 8
REST_SECONDS = 0.5  # before each round
READY_SECONDS_MAX = 60.0
ASK_AGAIN_SECONDS = 1.0
LATE_SECONDS_MAX = 15.0
ASKED, TALK, ANSWER = "请问几点开门", "今天天气不错", "早上八点到晚上十点"
SYNC_FILTER = json.dumps(
    {"presence": {"not_types": ["*"]}, "room": {"timeline": {"limit": 50, "types": ["m.room.message"]}, "state": {"not_types": ["*"]}}}
)

_keys = itertools.count(1)


@dataclass(slots=True)
class Seen:
    """What one round measured, in seconds."""

    echoes: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Talk:
    """Where somebody asks and a bot answers."""

    server: Synapse
    sender: User
    bot: User
    rooms: Sequence[str]


def run(*, quick: bool) -> Result:
    """p99 milliseconds, median of the rounds."""
    reason, python = installed()
    if python is None:
        raise SystemExit(f"skipped: Synapse cannot be installed: {reason}")
    os.environ["HUTONG_EGRESS_LOOPBACK"] = "1"
    seconds, groups = (SECONDS_QUICK, GROUPS_QUICK) if quick else (SECONDS, GROUPS)
    extra: dict[str, object] = {"groups": groups, "per_s": PER_SECOND, "load_before": round(os.getloadavg()[0], 1)}
    with folder() as data:
        migrating = subprocess.Popen([sys.executable, "-m", "hutong", "migrate"], env=environment(data), stdout=subprocess.DEVNULL)
        server = Synapse(python)
        try:
            ours, bare = _talk(server, "ours", groups), _talk(server, "bare", groups)
            if migrating.wait():
                raise RuntimeError("the tables could not be made")
            _prepared(data, ours)
            with _answering(bare), serving(data) as running:
                _warm_up(bare)
                _warm_up(ours)
                return _measured(ours, bare, seconds, psutil.Process(running.pid), extra)
        finally:
            migrating.kill()
            server.stop()


def _measured(ours: Talk, bare: Talk, seconds: int, process: psutil.Process, extra: dict[str, object]) -> Result:
    replies: list[float] = []
    echoes: list[float] = []
    bare_replies: list[float] = []
    above: list[float] = []
    cpu: list[float] = []
    for number in range(1, ROUNDS + 1):
        beside = _round(bare, seconds)
        before = sum(process.cpu_times()[:2])
        we = _round(ours, seconds)
        cpu.append((sum(process.cpu_times()[:2]) - before) / (PER_SECOND * seconds) * 1000)
        replies.append(_p99(we.answers))
        bare_replies.append(_p99(beside.answers))
        echoes.append(_p99(beside.echoes))
        above.append(replies[-1] - echoes[-1])
        print(
            f"round {number}: reply p99 {replies[-1]:,.0f} ms, median {_median(we.answers):,.0f} ms; echo p99 {echoes[-1]:,.0f} ms, "
            f"median {_median(beside.echoes):,.0f} ms (with us {_p99(we.echoes):,.0f} and {_median(we.echoes):,.0f} ms); "
            f"bare bot p99 {bare_replies[-1]:,.0f} ms, median {_median(beside.answers):,.0f} ms; {cpu[-1]:.1f} ms of CPU a message",
            flush=True,
        )
    extra |= {
        "above_ms": round(statistics.median(above), 1),
        "bare_bot_ms": round(statistics.median(bare_replies), 1),
        "cpu_ms_per_message": round(statistics.median(cpu), 1),
    }
    return Result("reply_latency", "ms", "Synapse's own echo", replies, echoes, extra)


def _p99(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=100, method="inclusive")[98] * 1000


def _median(taken: list[float]) -> float:
    return statistics.median(taken) * 1000


def _talk(server: Synapse, name: str, groups: int) -> Talk:
    sender, bot = server.user("sender"), server.user(name)
    rooms = [sender.room(name=f"{name} {number}群") for number in range(groups)]
    for room in rooms:
        bot.act(room, "join")
    return Talk(server, sender, bot, rooms)


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
        path = f"{CLIENT}/sync?timeout={timeout_ms}&set_presence=offline&filter={quote(SYNC_FILTER)}&since={quote(since)}"
        said = self.ask("GET", path)
        found = [
            (room, one["sender"], one["content"].get("body", ""))
            for room, told in said.get("rooms", {}).get("join", {}).items()
            for one in told["timeline"]["events"]
        ]
        return said["next_batch"], found

    def now(self) -> str:
        """The place from where on everything is new."""
        # Synapse gives whoever asks the same its old answer for two minutes; a first sync never waits, so its `timeout` makes it another question.
        path = f"{CLIENT}/sync?timeout={next(_keys)}&set_presence=offline&filter={quote(SYNC_FILTER)}"
        return str(self.ask("GET", path)["next_batch"])


def _warm_up(talk: Talk) -> None:
    """Ask until somebody answers, then once in every group."""
    line = Line(talk.server.url, talk.sender.token)
    place = line.now()
    until = time.perf_counter() + READY_SECONDS_MAX
    is_answered = False
    while not is_answered:
        if time.perf_counter() > until:
            raise RuntimeError("nobody answers")
        line.say(talk.rooms[0], f"b{next(_keys)}", ASKED)
        asked = time.perf_counter()
        while not is_answered and time.perf_counter() < asked + ASK_AGAIN_SECONDS:
            place, found = line.sync(place, 500)
            is_answered = any(who == talk.bot.id for _, who, _ in found)
    _spoken(talk, [(room, True) for room in talk.rooms])


def _round(talk: Talk, seconds: int) -> Seen:
    """Talk and ask at the given rate; how long echoes and answers took."""
    time.sleep(REST_SECONDS)
    return _spoken(talk, [(talk.rooms[(number // 2) % len(talk.rooms)], number % 2 == 0) for number in range(PER_SECOND * seconds)])


def _spoken(talk: Talk, turns: Sequence[tuple[str, bool]]) -> Seen:
    """Say something in each of these rooms, `PER_SECOND`, a question or not."""
    seen, begun = Seen(), dict[str, float]()
    asked: dict[str, deque[float]] = {room: deque() for room in talk.rooms}
    ending = threading.Event()
    since = Line(talk.server.url, talk.sender.token).now()
    wanted = (len(turns), sum(is_asked for _, is_asked in turns))

    def watch() -> None:
        line, place = Line(talk.server.url, talk.sender.token), since
        while not ending.is_set():
            place, found = line.sync(place, 1000)
            now = time.perf_counter()
            for room, who, text in found:
                if who == talk.bot.id and asked[room]:
                    seen.answers.append(now - asked[room].popleft())
                elif who == talk.sender.id and text in begun:
                    seen.echoes.append(now - begun[text])

    started = time.perf_counter()
    coming = iter(enumerate(turns))
    guard = threading.Lock()

    def send() -> None:
        line = Line(talk.server.url, talk.sender.token)
        while True:
            with guard:
                number, (room, is_asked) = next(coming, (-1, ("", False)))
            if number < 0:
                return
            time.sleep(max(0.0, started + number / PER_SECOND - time.perf_counter()))
            key = f"b{next(_keys)}"
            text = f"{ASKED if is_asked else TALK} {key}"
            begun[text] = time.perf_counter()
            if is_asked:
                asked[room].append(begun[text])
            line.say(room, key, text)

    watching = threading.Thread(target=watch)
    senders = [threading.Thread(target=send) for _ in range(SENDERS)]
    for one in (watching, *senders):
        one.start()
    try:
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


@contextmanager
def _answering(talk: Talk) -> Iterator[None]:
    """A bot that does nothing else: it syncs and answers each question at once."""
    ending = threading.Event()
    url, token = talk.server.url, talk.bot.token
    since = Line(url, token).now()

    def answer() -> None:
        reading, place = Line(url, token), since
        free: deque[Line] = deque(Line(url, token) for _ in range(6))

        def say(line: Line, room: str) -> None:
            line.say(room, f"r{next(_keys)}", ANSWER)
            free.append(line)

        while not ending.is_set():
            place, found = reading.sync(place, 1000)
            for room, who, text in found:
                if who != talk.bot.id and text.startswith(ASKED):
                    line = free.popleft() if free else Line(url, token)
                    threading.Thread(target=say, args=(line, room)).start()

    answering = threading.Thread(target=answer)
    answering.start()
    try:
        yield
    finally:
        ending.set()
        answering.join()


def _prepared(data: Path, talk: Talk) -> None:
    command = [sys.executable, "-m", "benchmarks.reply_latency", talk.server.url, talk.bot.token]
    subprocess.run(command, env=environment(data), check=True, stdout=subprocess.DEVNULL)


def _prepare(url: str, token: str) -> None:
    """A workspace with the account, its rooms as groups, and a rule."""
    import django

    django.setup()
    import hutong.config.api  # noqa: F401  (installs the features)
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
