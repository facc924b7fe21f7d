"""The embedded process: web, ingest, subscribers, warehouse and jobs in one, with an orderly start and stop."""

from __future__ import annotations

import asyncio
import gc
import logging
import resource
import signal
import socket
import sys
from typing import Any

import uvloop
from django.conf import settings
from granian.constants import Interfaces
from granian.server.embed import Server

from hutong.automations.journeys.turning import Turner
from hutong.channels import connections
from hutong.channels.contract import CALLBACK_BYTES_MAX
from hutong.channels.gateway import Gateway
from hutong.channels.outbox import Outbox
from hutong.channels.site.views import FILE_BYTES_MAX
from hutong.config.bridge import Bridge
from hutong.config.door import Door
from hutong.config.front import Front
from hutong.config.operations import facts
from hutong.config.sockets import Sockets
from hutong.config.static import Console
from hutong.config.streams import Streams
from hutong.events import log, subscribers
from hutong.events.ingest.lane import Lane
from hutong.events.ingest.writer import Writer
from hutong.events.warehouse import engine
from hutong.foundation.jobs.worker import Worker
from hutong.inbox.streaming import Stream

JOB_THREADS = 2
STOP_SECONDS = 20
LAST_WORDS_SECONDS = 2.0  # for what the server has said to reach those it was said to
YOUNG_OBJECTS = 10_000  # between two looks of the collector for cycles, of which a request leaves none; Python's default is 700
SWITCH_INTERVAL_SECONDS = 0.0005  # a request must not wait 5 ms, Python's default, for a busy subscriber
BACKPRESSURE = 512
LOOPBACK = "127.0.0.1"
LISTENING_STEP_SECONDS = 0.01
OPEN_FILES_MAX = 65_536  # a connection that was passed on takes three
SITE_BYTES_MAX = FILE_BYTES_MAX + 1024 * 1024

logger = logging.getLogger("hutong.serve")


class Process:
    """Everything that runs inside `hutong serve`."""

    def __init__(self, *, host: str, port: int) -> None:
        from hutong.config import urls  # noqa: F401 - so that the first request finds everything loaded
        from hutong.config.wsgi import application

        self.host, self.port = host, port
        self.writer = Writer()
        self.lane = Lane(self.writer)
        self.door = Door(self.lane.take, inner_port=_free_port())
        self.runner = subscribers.Runner(pressure=self.writer.pressure)
        self.jobs = Worker(threads=JOB_THREADS)
        self.outbox = Outbox()
        self.turner = Turner()
        self.gateway = Gateway()
        self.django = Bridge(application, client_of=self.door.client_of, body_bytes_max=settings.UPLOAD_FILE_BYTES_MAX)
        self.callbacks = Bridge(application, client_of=self.door.client_of, body_bytes_max=CALLBACK_BYTES_MAX)
        self.sockets = Sockets()
        self.site = Bridge(application, client_of=self.door.client_of, body_bytes_max=SITE_BYTES_MAX)
        self.streams = Streams(self.door.client_of)
        self.inbox = Stream()
        front = Front(
            lane=self.lane,
            console=Console(settings.PACKAGE_DIR / "console_dist"),
            django=self.django,
            callbacks=self.callbacks,
            sockets=self.sockets,
            site=self.site,
            streams=self.streams,
            inbox=self.inbox,
        )
        self.server = Server(
            front, address=LOOPBACK, port=self.door.inner_port, interface=Interfaces.RSGI, backpressure=BACKPRESSURE, log_enabled=False
        )
        log.on_member_change(self.writer.forget_people)
        facts.install_ingest(lambda: facts.Ingest(self.writer.accepted, self.writer.duplicates, self.lane.rejected))

    async def run(self) -> None:
        """Serve until SIGTERM or SIGINT; then finish what was begun."""
        loop = asyncio.get_running_loop()
        stopping = asyncio.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, stopping.set)
        engine.client()
        self.writer.start()
        self.runner.start()
        self.jobs.start()
        self.outbox.start()
        self.turner.start()
        self.gateway.start()
        serving = asyncio.create_task(self.server.serve())
        waiting = asyncio.create_task(stopping.wait())
        await self._open({serving, waiting})
        await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
        logger.info("stopping")
        self.streams.stop()
        self.inbox.stop()
        self.door.shut()
        self.server.stop()
        await asyncio.wait({serving}, timeout=STOP_SECONDS / 2)
        await self.door.close(timeout_seconds=LAST_WORDS_SECONDS)
        await loop.run_in_executor(None, self._finish)

    async def _open(self, until: set[asyncio.Task[Any]]) -> None:
        """Open the door once the server behind it listens."""
        while not any(task.done() for task in until):
            try:
                _, writer = await asyncio.open_connection(LOOPBACK, self.door.inner_port)
            except OSError:
                await asyncio.sleep(LISTENING_STEP_SECONDS)
                continue
            writer.close()
            await self.door.open(self.host, self.port)
            return

    def _finish(self) -> None:
        self.django.stop()
        self.callbacks.stop()
        self.site.stop()
        self.sockets.stop()
        self.gateway.stop(timeout_seconds=STOP_SECONDS / 4)
        self.turner.stop(timeout_seconds=STOP_SECONDS / 4)
        self.outbox.stop(timeout_seconds=STOP_SECONDS / 4)
        connections.forget_all()
        self.writer.stop(timeout_seconds=STOP_SECONDS / 4)
        self.jobs.stop(timeout_seconds=STOP_SECONDS / 4)
        self.runner.stop(timeout_seconds=STOP_SECONDS / 4)
        engine.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def prepare_interpreter() -> None:
    """What a process that works for long asks of Python, once all code is loaded."""
    sys.setswitchinterval(SWITCH_INTERVAL_SECONDS)
    gc.collect()  # what bringing the stores up to date has left
    gc.freeze()  # the code stays: the collector need not stop everybody to walk over it again and again
    gc.set_threshold(YOUNG_OBJECTS, *gc.get_threshold()[1:])


def run(host: str, port: int) -> None:
    """Run the embedded process until it is told to stop."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES_MAX if most == resource.RLIM_INFINITY else min(most, OPEN_FILES_MAX), most))
    prepare_interpreter()
    uvloop.run(Process(host=host, port=port).run())
