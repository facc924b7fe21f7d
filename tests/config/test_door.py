"""The door: plain calls are answered whole and in order however their bytes come; everything else reaches the server untouched."""

from __future__ import annotations

import asyncio
import random
import socket
import struct
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
import uvloop

from hutong.config import door as doors
from hutong.config.door import Door
from hutong.events.ingest.calls import CALL_BYTES_MAX
from hutong.events.ingest.lane import Call

SECONDS_MAX = 10


@dataclass
class World:
    """A door, a server behind it that repeats what it was sent, and what came to each."""

    door: Door
    port: int
    calls: list[Call] = field(default_factory=list)
    passed: list[bytes] = field(default_factory=list)
    clients: list[str] = field(default_factory=list)
    held: list[Call] = field(default_factory=list)
    is_holding: bool = False

    async def say(self, *pieces: bytes, ends: bool = True) -> bytes:
        """Everything that is answered to these pieces."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.001)
        if ends:
            writer.write_eof()
        answer = await asyncio.wait_for(reader.read(), SECONDS_MAX)
        writer.close()
        return answer


@asynccontextmanager
async def opened() -> AsyncIterator[World]:
    async def behind(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = writer.get_extra_info("peername")[:2]
        world.clients.append(world.door.client_of(f"{host}:{port}"))
        world.passed.append(b"")
        at = len(world.passed) - 1
        while piece := await reader.read(65_536):
            world.passed[at] += piece
            writer.write(piece)
            await writer.drain()
        writer.close()

    def take(call: Call) -> None:
        world.calls.append(call)
        if world.is_holding:
            world.held.append(call)
        else:
            call.answer(200, [("content-type", "text/plain")], b"took " + call.body)

    inner = await asyncio.start_server(behind, "127.0.0.1", 0)
    world = World(Door(take, inner_port=inner.sockets[0].getsockname()[1]), 0)
    await world.door.open("127.0.0.1", 0)
    assert world.door._server is not None
    world.port = world.door._server.sockets[0].getsockname()[1]
    try:
        yield world
    finally:
        await world.door.close(timeout_seconds=0.2)
        inner.close()


def run(story: Callable[[World], Coroutine[Any, Any, None]]) -> None:
    async def whole() -> None:
        async with opened() as world:
            await asyncio.wait_for(story(world), SECONDS_MAX * 2)

    uvloop.run(whole())


async def until(condition: Callable[[], object]) -> None:
    while not condition():  # noqa: ASYNC110 - what is waited for rings no bell
        await asyncio.sleep(0.001)


def post(body: bytes, *lines: str, path: str = "/v1/track") -> bytes:
    head = "".join(f"{line}\r\n" for line in (f"POST {path} HTTP/1.1", "Host: hutong.test", *lines, f"Content-Length: {len(body)}"))
    return head.encode("latin-1") + b"\r\n" + body


def bodies(answers: bytes) -> list[bytes]:
    """What several answers on end hold."""
    found = []
    while answers:
        head, _, answers = answers.partition(b"\r\n\r\n")
        size = int(head.lower().rpartition(b"content-length: ")[2])
        found.append(answers[:size])
        answers = answers[size:]
    return found


def test_a_call_is_answered_whole() -> None:
    async def story(world: World) -> None:
        answer = await world.say(post(b"{}", "Authorization: Basic d2s6", "X-Odd:  a: b ", path="/v1/batch?writeKey=k%20x"))
        head, _, body = answer.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        assert (lines[0], lines[1], lines[3], body) == ("HTTP/1.1 200 OK", "content-type: text/plain", "content-length: 7", b"took {}")
        assert lines[2].startswith("date: ")
        assert lines[2].endswith(" GMT")
        (call,) = world.calls
        assert (call.method, call.path, call.query, call.body) == ("POST", "/v1/batch", "writeKey=k%20x", b"{}")
        assert call.headers == {"host": "hutong.test", "authorization": "Basic d2s6", "x-odd": "a: b", "content-length": "2"}
        assert world.passed == []

    run(story)


@pytest.mark.parametrize("seed", range(20))
def test_calls_in_any_pieces_are_answered_in_their_order(seed: int) -> None:
    chance = random.Random(seed)
    sent = [bytes(chance.choices(range(256), k=chance.choice([0, 1, 40, 5_000]))) for _ in range(chance.randrange(1, 12))]
    stream = b"".join(post(body, f"X-Number: {number}") for number, body in enumerate(sent))
    cuts = sorted({0, len(stream), *(chance.randrange(len(stream)) for _ in range(chance.randrange(12)))})

    async def story(world: World) -> None:
        answers = await world.say(*(stream[start:end] for start, end in pairwise(cuts)))
        assert bodies(answers) == [b"took " + body for body in sent]
        assert [call.headers["x-number"] for call in world.calls] == [str(number) for number in range(len(sent))]

    run(story)


def test_the_next_call_waits_for_the_answer_of_the_one_before() -> None:
    async def story(world: World) -> None:
        world.is_holding = True
        saying = asyncio.create_task(world.say(post(b"1"), post(b"2"), post(b"3")))
        for number in (b"1", b"2", b"3"):
            await until(lambda: world.held)
            await asyncio.sleep(0.02)
            (call,) = world.held
            world.held.clear()
            assert call.body == number
            call.answer(200, [], b"answer " + number)
        assert bodies(await saying) == [b"answer 1", b"answer 2", b"answer 3"]

    run(story)


ODD = {
    "another path": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "another method": b"OPTIONS /v1/track HTTP/1.1\r\nHost: x\r\n\r\n",
    "an older version": b"POST /v1/track HTTP/1.0\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}",
    "no host": b"POST /v1/track HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
    "no length": b"POST /v1/track HTTP/1.1\r\nHost: x\r\n\r\n",
    "two lengths": b"POST /v1/track HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "a signed length": b"POST /v1/track HTTP/1.1\r\nHost: x\r\nContent-Length: +2\r\n\r\n{}",
    "pieces of unknown length": b"POST /v1/track HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    "who waits to be asked": b"POST /v1/track HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n",
    "who wants to leave": b"POST /v1/track HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}",
    "a space before the colon": b"POST /v1/track HTTP/1.1\r\nHost: x\r\nContent-Length : 2\r\n\r\n{}",
    "a folded line": b"POST /v1/track HTTP/1.1\r\nHost: x\r\nX-A: 1\r\n 2\r\nContent-Length: 2\r\n\r\n{}",
    "a bare line feed": b"POST /v1/track HTTP/1.1\r\nHost: x\r\nX-A: 1\nContent-Length: 5\r\nContent-Length: 2\r\n\r\n{}",
    "too much": post(b"", "X-A: 1").replace(b"Content-Length: 0", b"Content-Length: %d" % (CALL_BYTES_MAX + 1)),
    "an endless head": b"POST /v1/track HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * (doors.HEAD_BYTES_MAX + 1),
    "no HTTP at all": b"\x16\x03\x01 hello",
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize("before", [b"", post(b"first")], ids=["at once", "after a call"])
def test_whatever_is_unusual_is_for_the_server(odd: bytes, before: bytes) -> None:
    async def story(world: World) -> None:
        answers = await world.say(before + odd, b"and what follows")
        assert world.passed == [odd + b"and what follows"]
        assert answers.endswith(odd + b"and what follows")
        assert [call.body for call in world.calls] == ([b"first"] if before else [])

    run(story)


def test_the_server_knows_whose_connection_it_is_while_it_lasts() -> None:
    async def story(world: World) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", world.port)
        host, port = writer.get_extra_info("sockname")[:2]
        writer.write(b"GET / HTTP/1.1\r\n")
        await reader.readexactly(16)
        assert world.clients == [f"{host}:{port}"]
        writer.close()
        await until(lambda: not world.door.guests and not world.door._behind)
        assert world.door.client_of("127.0.0.1:1") == "127.0.0.1:1"

    run(story)


def test_megabytes_go_through_both_ways_to_one_who_reads_slowly() -> None:
    async def story(world: World) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", world.port, limit=1_000)
        sent = b"PUT / HTTP/1.1\r\n" + random.Random(1).randbytes(8_000_000)

        async def send() -> None:
            writer.write(sent)
            await writer.drain()
            writer.write_eof()

        sending = asyncio.create_task(send())
        await asyncio.sleep(0.2)
        got = b""
        while piece := await asyncio.wait_for(reader.read(200_000), SECONDS_MAX):
            got += piece
        await sending
        assert got == sent
        writer.close()

    run(story)


def test_who_is_gone_is_no_trouble_to_anybody() -> None:
    async def story(world: World) -> None:
        world.is_holding = True
        _, writer = await asyncio.open_connection("127.0.0.1", world.port)
        writer.write(post(b"1"))
        await until(lambda: world.held)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # reset, not only ended
        writer.transport.abort()
        await until(lambda: not world.door.guests)
        world.held[0].answer(200, [], b"late")
        world.is_holding = False
        assert bodies(await world.say(post(b"2"))) == [b"took 2"]

    run(story)


def test_who_does_not_finish_or_says_nothing_is_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "SWEEP_SECONDS", 0.02)
    monkeypatch.setattr(doors, "CALL_SECONDS_MAX", 0.1)
    monkeypatch.setattr(doors, "IDLE_SECONDS_MAX", 0.2)

    async def story(world: World) -> None:
        assert await world.say(post(b"half")[:-2], ends=False) == b""
        assert bodies(await world.say(post(b"1"), ends=False)) == [b"took 1"]
        world.is_holding = True
        saying = asyncio.create_task(world.say(post(b"2"), ends=False))
        await asyncio.sleep(0.4)  # one that waits for its answer is not late
        world.held[0].answer(200, [], b"there")
        assert bodies(await saying) == [b"there"]

    run(story)


@pytest.mark.parametrize("size", [0, 3, 40, 60])
def test_a_piece_of_a_call_is_nothing(size: int) -> None:
    async def story(world: World) -> None:
        assert await world.say(post(b"half")[:size]) == b""
        assert (world.calls, world.passed) == ([], [])

    run(story)


def test_closing_answers_what_is_under_way_and_lets_nobody_in() -> None:
    async def story(world: World) -> None:
        world.is_holding = True
        saying = asyncio.create_task(world.say(post(b"1"), ends=False))
        await until(lambda: world.held)
        closing = asyncio.create_task(world.door.close(timeout_seconds=SECONDS_MAX))
        await asyncio.sleep(0.05)
        with pytest.raises(OSError, match=r"refused|Connect call failed"):
            await asyncio.open_connection("127.0.0.1", world.port)
        assert not closing.done()
        world.held[0].answer(200, [], b"done")
        assert bodies(await saying) == [b"done"]
        await closing

    run(story)


def test_a_failure_is_an_answer_too() -> None:
    async def story(world: World) -> None:
        def fail(_: Call) -> None:
            raise ValueError("unforeseen")

        world.door.take = fail
        answer = await world.say(post(b"1"))
        assert answer.startswith(b"HTTP/1.1 500 Internal Server Error\r\n")

    run(story)


def test_without_a_server_behind_it_a_connection_ends() -> None:
    async def story(world: World) -> None:
        world.door.inner_port = 1
        with suppress(ConnectionResetError):
            assert await world.say(b"GET / HTTP/1.1\r\n\r\n", ends=False) == b""

    run(story)
