"""What every connector has to keep. `test_contract.py` tries each line of the table in `hutong/config/connectors.py`."""

from __future__ import annotations

import ast
import importlib
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import msgspec

from hutong.channels import contract
from hutong.channels.contract import Callback, Chat, Connector, ConnectorError, Inbound, Link, NeedsReconnect, Outgoing, Refused, RetryLater, Text
from hutong.communities.actions import CHANNEL
from hutong.foundation import clock
from hutong.foundation.http import Egress
from tests.connectors.peer import Peer

FOLDER = Path(contract.__file__).resolve().parents[2] / "connectors"
ALLOWED = ("hutong.channels.contract", "hutong.foundation")
LATER_MAX_SECONDS = 3600.0
# Shown as it is written, whatever markup the platform has.
MARKUP = "<b>粗体</b> *星号* _下划线_ `代码` [链接](https://example.com) & &amp; 100% \\ 👩‍👩‍👧 $x$"


def peer_of(platform: str) -> AbstractContextManager[Peer]:
    """The other side of a connector, started."""
    try:
        module = importlib.import_module(f"tests.connectors.{platform}.peer")
    except ModuleNotFoundError as error:
        raise AssertionError(f"tests/connectors/{platform}/peer.py is missing: what shall the connector be tried against?") from error
    started: AbstractContextManager[Peer] = module.start()
    return started


def made(connector: type[Connector], peer: Peer, settings: contract.Settings | None = None) -> Connector:
    """The connector as the runtime makes it."""
    given = peer.settings if settings is None else settings
    return connector(Link(account_id="0190-account", settings=given, http=Egress(timeout_seconds=5), leave=peer.leave))


def said(chat: Chat, text: str, *, key: str = "k-1") -> Outgoing:
    return Outgoing(key=key, chat=chat, segments=(Text(text),))


# --- the folder -----------------------------------------------------------------


def check_folder(connector: type[Connector]) -> None:
    folder = FOLDER / connector.manifest.platform
    assert connector.__module__ == f"hutong.connectors.{folder.name}.connector"
    names = {path.name for path in folder.iterdir()}
    assert names >= {"__init__.py", "manifest.py", "connector.py", "README.md", "README.zh.md", "fixtures"}
    assert any((folder / "fixtures").iterdir()), "record what the platform really sends into fixtures/"
    heads = [re.findall(r"^(#+) ", (folder / name).read_text(), re.MULTILINE) for name in ("README.zh.md", "README.md")]
    assert heads[0] == heads[1]
    for path in folder.rglob("*.py"):
        for name in _imports(path):
            own = name.startswith(f"hutong.connectors.{folder.name}")
            assert not name.startswith("hutong") or own or name.startswith(ALLOWED), f"{path.name} imports {name}"
    text = "".join(path.read_text() for path in folder.rglob("*") if path.suffix in (".py", ".md"))
    assert "TODO" not in text
    assert "NotImplementedError" not in text


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def check_manifest(connector: type[Connector]) -> None:
    manifest = connector.manifest
    assert CHANNEL.fullmatch(manifest.platform)
    assert CHANNEL.fullmatch(manifest.channel)
    assert all((manifest.zh, manifest.en, manifest.about_zh, manifest.about_en))
    assert bool(manifest.risk_zh) == bool(manifest.risk_en)
    offered = {way for way in ("listen", "receive", "send", "chats") if getattr(connector, way) is not getattr(Connector, way)}
    assert offered == manifest.ways
    assert connector.test is not Connector.test
    assert ("send" in manifest.ways) == (manifest.capabilities.send != "none") == bool(manifest.capabilities.sends)
    assert bool({"listen", "receive"} & manifest.ways) == (manifest.capabilities.read != "none")
    for rate in (*manifest.limits.per_account, *manifest.limits.per_chat, *manifest.limits.per_user):
        assert rate.count > 0
        assert rate.seconds > 0
    names = [one.name for one in manifest.fields]
    assert len(names) == len(set(names))
    assert not manifest.rate_field or [one.kind for one in manifest.fields if one.name == manifest.rate_field] == ["number"]
    for one in manifest.fields:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", one.name)
        assert all((one.zh, one.en))
        assert bool(one.help_zh) == bool(one.help_en)
        assert (one.kind == "choice") == bool(one.choices)
        assert one.kind != "secret" or one.default == ""


# --- settings and errors ----------------------------------------------------------


def check_test(connector: type[Connector], peer: Peer) -> None:
    found = made(connector, peer).test()
    assert found.self_id
    assert found.name
    secrets = [str(peer.settings[one.name]) for one in connector.manifest.fields if one.kind == "secret" and peer.settings.get(one.name)]
    wrong = peer.wrong()
    assert wrong
    for what, settings in wrong.items():
        error = _raised(lambda settings=settings: made(connector, peer, settings).test())
        assert isinstance(error, (NeedsReconnect, Refused, RetryLater)), f"{what}: {error!r}"
        check_sentences(error, [*secrets, *(str(settings[one.name]) for one in connector.manifest.fields if one.kind == "secret")])


def check_sentences(error: ConnectorError, secrets: list[str]) -> None:
    assert re.search(r"[\u4e00-\u9fff]", error.zh), error.zh
    assert re.search(r"[a-z]{3}", error.en), error.en
    assert error.zh.endswith("。")
    assert error.en.endswith(".")
    for secret in secrets:
        assert len(secret) < 6 or secret not in error.zh + error.en


def _raised(call: Any) -> BaseException | None:
    from hutong.foundation.http import Unanswered, Unreachable

    try:
        call()
    except (Unreachable, Unanswered) as error:  # the runtime makes these of them
        return RetryLater(error.zh, error.en)
    except Exception as error:
        return error
    return None


# --- sending ------------------------------------------------------------------------


def check_send(connector: type[Connector], peer: Peer) -> None:
    one = made(connector, peer)
    outcome = one.send(said(peer.chat, "第一条", key="k-1"))
    assert (outcome.state, bool(outcome.message_ids)) == ("sent", True)
    one.send(said(peer.chat, MARKUP, key="k-2"))
    expected = ["第一条", MARKUP]
    assert peer.arrived() == expected
    if connector.manifest.capabilities.has_send_key:
        again = one.send(said(peer.chat, "第一条", key="k-1"))
        assert (again.state, peer.arrived()) == ("sent", expected)


def check_troubles(connector: type[Connector], peer: Peer) -> None:
    one = made(connector, peer)
    before = peer.arrived()
    for trouble, kind in (("slow_down", RetryLater), ("gone", Refused), ("revoked", NeedsReconnect)):
        if not peer.meet(trouble):  # type: ignore[arg-type]
            continue
        error = _raised(lambda trouble=trouble: one.send(said(peer.chat, "不会到", key=f"trouble-{trouble}")))
        assert type(error) is kind, f"{trouble}: {error!r}"
        check_sentences(error, [])
        if isinstance(error, RetryLater):
            assert error.after_seconds is not None
            assert 0 < error.after_seconds <= LATER_MAX_SECONDS
        assert peer.arrived() == before


def check_chats(connector: type[Connector], peer: Peer) -> None:
    assert peer.chat.id in {chat.id for chat in made(connector, peer).chats()}


# --- receiving ------------------------------------------------------------------------


def check_inbound(events: tuple[Inbound, ...], text: str, chat: Chat) -> None:
    assert len(events) <= contract.EVENTS_MAX
    found = [one for one in events if one.type == "message.new" and one.message is not None and one.message.text == text]
    assert len(found) == 1
    (one,) = found
    assert one.chat is not None
    assert one.message is not None
    assert one.actor is not None
    assert (one.chat.id, bool(one.actor.id), one.actor.is_self) == (chat.id, True, False)
    assert 0 < len(one.dedupe_key) <= contract.ID_LENGTH_MAX
    assert 0 < len(one.message.id) <= contract.ID_LENGTH_MAX
    assert abs(one.occurred_at_ms - clock.now_ms()) < 600_000
    assert msgspec.json.decode(msgspec.json.encode(one), type=Inbound) == one


def check_receive(connector: type[Connector], peer: Peer) -> None:
    one = made(connector, peer)
    request = peer.callback("你好，胡同")
    first, again = one.receive(request), one.receive(request)
    assert first == again
    assert 200 <= first.status < 300
    check_inbound(first.events, "你好，胡同", peer.chat)
    forged = peer.forged()
    assert forged
    for what, bad in forged.items():
        error = _raised(lambda bad=bad: one.receive(bad))
        assert isinstance(error, Refused), f"{what}: {error!r}"
        assert error.reason == "forged", what
        check_sentences(error, [])


def check_fixtures(connector: type[Connector]) -> None:
    """Recorded callbacks: `fixtures/<name>.json` holds `settings`, `callback` and the `events` it must give."""
    paths = sorted((FOLDER / connector.manifest.platform / "fixtures").glob("*.json"))
    assert paths
    for path in paths:
        kept = json.loads(path.read_text())
        one = connector(Link(account_id="0190-account", settings=kept["settings"], http=Egress(), self_id=kept.get("self_id", "")))
        callback = msgspec.convert({**kept["callback"], "body": kept["callback"]["body"].encode()}, Callback)
        assert msgspec.to_builtins(one.receive(callback).events) == msgspec.to_builtins(msgspec.convert(kept["events"], tuple[Inbound, ...])), (
            path.name
        )


def check_listen(connector: type[Connector], peer: Peer) -> None:
    cursor, seen = _heard(connector, peer, cursor="", says=["一", "二"])
    assert [event.message.text for event in seen if event.message] == ["一", "二"]
    peer.say("断线时")
    _, later = _heard(connector, peer, cursor=cursor, says=["三"], wanted=2)
    assert [event.message.text for event in later if event.message] == ["断线时", "三"]
    assert len({event.dedupe_key for event in seen + later}) == 4


def _heard(connector: type[Connector], peer: Peer, *, cursor: str, says: list[str], wanted: int = 0) -> tuple[str, list[Inbound]]:
    stopping, heard, at = threading.Event(), [], [cursor]

    def hold() -> None:
        for batch in made(connector, peer).listen(at[0], stopping):
            heard.extend(event for event in batch.events if event.type == "message.new")
            at[0] = batch.cursor
            ready.set()

    ready = threading.Event()
    thread = threading.Thread(target=hold, daemon=True)
    thread.start()
    assert ready.wait(contract.QUIET_SECONDS_MAX), "the first batch, empty or not, says that the connection stands"
    for text in says:
        peer.say(text)
    until = time.monotonic() + 20
    while len(heard) < max(wanted, len(says)) and time.monotonic() < until:
        time.sleep(0.02)
    stopping.set()
    thread.join(contract.STOP_SECONDS_MAX)
    assert not thread.is_alive()
    return at[0], heard
