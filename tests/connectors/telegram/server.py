"""The Bot API over that world, on loopback. `test_server.py` has python-telegram-bot judge that it speaks as the real one does."""

from __future__ import annotations

import email.parser
import email.policy
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

import httpx

from tests.connectors.telegram.world import ChatState, Fault, World, is_in

PHOTO_BYTES_MAX, FILE_BYTES_MAX = 10 * 1024 * 1024, 50 * 1024 * 1024
METHODS = (
    "getMe",
    "getWebhookInfo",
    "setWebhook",
    "deleteWebhook",
    "getUpdates",
    "answerCallbackQuery",
    "getChatMember",
    "sendMessage",
    "sendPhoto",
    "sendDocument",
)
JSONS = ("entities", "caption_entities", "reply_parameters", "link_preview_options", "allowed_updates")


@contextmanager
def serve(world: World) -> Iterator[str]:
    """The address of a Bot API of that world."""

    class Handler(_Handler):
        pass

    Handler.world = world
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def deliver(world: World) -> list[int]:
    """What waits goes to the webhook, one after the other, as Telegram does it: until one fails. Gives the status of each."""
    statuses = []
    while world.updates:
        headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": world.webhook["secret"]}
        answer = httpx.post(world.webhook["url"], content=json.dumps(world.updates[0]), headers=headers, trust_env=False)
        status, body = answer.status_code, answer.content
        statuses.append(status)
        if not 200 <= status < 300:
            world.webhook |= {"error_at": int(world.now()), "error": f"Wrong response from the webhook: {status}"}
            break
        world.updates.popleft()
        if body and 200 <= status < 300:
            asked = json.loads(body)
            Api(world).call(asked.pop("method"), asked, {})
    return statuses


class _Handler(BaseHTTPRequestHandler):
    world: World
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        _, bot, method = (self.path.partition("?")[0] + "//").split("/")[:3]
        world = self.world
        world.calls.append(method)
        if method.startswith("send") and world.faults and isinstance(world.faults[0], str):
            self._line_fault(str(world.faults.popleft()), method, body)
            return
        try:
            if bot != f"bot{world.token}" or world.is_revoked:
                raise Fault(401, "Unauthorized")
            params, files = _read(self.headers.get("content-type", ""), body)
            answer = {"ok": True, "result": Api(world).call(method, params, files)}
            status = 200
        except Fault as fault:
            status = fault.code
            answer = {"ok": False, "error_code": fault.code, "description": fault.description}
            if fault.parameters:
                answer["parameters"] = fault.parameters
        self._answer(status, json.dumps(answer).encode())

    do_GET = do_POST  # noqa: N815 - so it is called by the base class

    def _line_fault(self, fault: str, method: str, body: bytes) -> None:
        """`cut`: carried out, and no answer comes. `gateway`: a proxy's page with 502. `page`: a proxy's page with 403."""
        if fault == "cut":
            params, files = _read(self.headers.get("content-type", ""), body)
            Api(self.world).call(method, params, files)
            self.close_connection = True
            return
        self._answer({"gateway": 502, "page": 403}[fault], b"<html>Bad</html>")

    def _answer(self, status: int, body: bytes) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True

    def log_message(self, *_: Any) -> None:
        pass


def _read(kind: str, body: bytes) -> tuple[dict[str, Any], dict[str, tuple[str, bytes]]]:
    if kind.startswith("application/json"):
        return json.loads(body or b"{}"), {}
    if not kind.startswith("multipart/"):
        return {name: _value(name, value) for name, value in parse_qsl(body.decode())}, {}
    whole = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    params: dict[str, Any] = {}
    files: dict[str, tuple[str, bytes]] = {}
    for part in whole.iter_parts():
        name, filename = part.get_param("name", header="content-disposition"), part.get_filename()
        content = part.get_payload(decode=True)
        if filename is None:
            params[name] = _value(name, content.decode())
        else:
            files[name] = (filename, content)
    return params, files


def _value(name: str, text: str) -> Any:
    return json.loads(text) if name in JSONS else text


class Api:
    """The methods, each with the checks the real one makes."""

    def __init__(self, world: World) -> None:
        self.world = world

    def call(self, method: str, params: dict[str, Any], files: dict[str, tuple[str, bytes]]) -> Any:
        if method not in METHODS:
            raise Fault(404, "Not Found")
        found = getattr(self, re.sub("([A-Z])", r"_\1", method).lower())
        if method == "getUpdates":
            return found(params)
        with self.world.changed:
            return found(params, files) if method in ("sendPhoto", "sendDocument") else found(params)

    def get_me(self, _: Any) -> Any:
        return self.world.me | {
            "can_join_groups": True, "can_read_all_group_messages": self.world.reads_all, "supports_inline_queries": False,
            "can_connect_to_business": False, "has_main_web_app": False,
        }  # fmt: skip

    def get_webhook_info(self, _: Any) -> Any:
        hook = self.world.webhook
        errors = {"last_error_date": hook["error_at"], "last_error_message": hook["error"]} if hook["error_at"] else {}
        return {"url": hook["url"], "has_custom_certificate": False, "pending_update_count": len(self.world.updates)} | errors

    def set_webhook(self, params: dict[str, Any]) -> Any:
        self.world.webhook |= {"url": params["url"], "secret": params.get("secret_token", ""), "error_at": 0}
        self.world.allowed = set(params.get("allowed_updates") or []) or None
        return True

    def delete_webhook(self, params: dict[str, Any]) -> Any:
        self.world.webhook |= {"url": "", "secret": ""}
        if params.get("drop_pending_updates") in (True, "true", "True"):
            self.world.updates.clear()
        return True

    def get_updates(self, params: dict[str, Any]) -> Any:
        """Confirms what is below the offset; a second caller ends the first."""
        world = self.world
        with world.changed:
            if world.webhook["url"]:
                raise Fault(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
            if params.get("allowed_updates") is not None:
                world.allowed = set(params["allowed_updates"]) or None
            offset = int(params.get("offset") or 0)
            world.pollings += 1
            mine = world.pollings
            world.changed.notify_all()
            while world.updates and (len(world.updates) > -offset if offset < 0 else world.updates[0]["update_id"] < offset):
                world.updates.popleft()
            until = time.monotonic() + float(params.get("timeout") or 0)
            while not world.updates and time.monotonic() < until and world.pollings == mine:
                world.changed.wait(until - time.monotonic())
            if world.pollings != mine:
                raise Fault(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")
            return list(world.updates)[: int(params.get("limit") or 100)]

    def answer_callback_query(self, params: dict[str, Any]) -> Any:
        if params["callback_query_id"] in self.world.pressed:
            raise Fault(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        self.world.pressed.append(params["callback_query_id"])
        return True

    def get_chat_member(self, params: dict[str, Any]) -> Any:
        return self._chat(params).members[int(params["user_id"])]

    def send_message(self, params: dict[str, Any]) -> Any:
        chat = self._open(params)
        text = str(params.get("text", ""))
        entities = self._entities(text, params.get("entities"))
        if not text.strip():
            raise Fault(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) // 2 > 4096:
            raise Fault(400, "Bad Request: message is too long")
        return self._put(chat, params, {"text": text.rstrip()} | ({"entities": entities} if entities else {}))

    def send_photo(self, params: dict[str, Any], files: dict[str, tuple[str, bytes]]) -> Any:
        chat = self._open(params)
        name, content = files.get("photo", ("", b""))
        if len(content) > PHOTO_BYTES_MAX:
            raise Fault(413, "Request Entity Too Large")
        if name and content.startswith(b"WIDE"):
            raise Fault(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
        if not name and not str(params.get("photo", "")).startswith("http"):
            raise Fault(400, "Bad Request: wrong file identifier/HTTP URL specified")
        size = {"file_id": "AgACphoto", "file_unique_id": "AQphoto", "width": 90, "height": 90, "file_size": len(content)}
        return self._put(chat, params, {"photo": [size]} | self._caption(params), content)

    def send_document(self, params: dict[str, Any], files: dict[str, tuple[str, bytes]]) -> Any:
        chat = self._open(params)
        name, content = files.get("document", ("", b""))
        if len(content) > FILE_BYTES_MAX:
            raise Fault(413, "Request Entity Too Large")
        if name and not content:
            raise Fault(400, "Bad Request: file must be non-empty")
        document = {"file_id": "BQACdoc", "file_unique_id": "AgADdoc", "file_name": name, "file_size": len(content)}
        return self._put(chat, params, {"document": document} | self._caption(params), content)

    def _caption(self, params: dict[str, Any]) -> dict[str, Any]:
        caption = params.get("caption", "")
        if len(caption.encode("utf-16-le")) // 2 > 1024:
            raise Fault(400, "Bad Request: message caption is too long")
        entities = self._entities(caption, params.get("caption_entities"))
        above = {"show_caption_above_media": True} if params.get("show_caption_above_media") in (True, "true", "True") else {}
        return above | ({"caption": caption.rstrip()} if caption else {}) | ({"caption_entities": entities} if entities else {})

    def _entities(self, text: str, given: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
        """Those that hold: a person the server does not know is no longer called."""
        kept = []
        for one in given or []:
            if one["offset"] < 0 or one["length"] <= 0 or one["offset"] + one["length"] > len(text.encode("utf-16-le")) // 2:
                raise Fault(400, "Bad Request: entity beginning or end is out of the text")
            if one["type"] == "text_mention":
                if one["user"]["id"] in self.world.people:
                    kept.append(one | {"user": self.world.people[one["user"]["id"]]})
            else:
                kept.append(one)
        return kept

    def _chat(self, params: dict[str, Any]) -> ChatState:
        found = self.world.chats.get(int(params["chat_id"]))
        if found is None:
            raise Fault(400, "Bad Request: chat not found")
        return found

    def _open(self, params: dict[str, Any]) -> ChatState:
        """The chat, if the bot may write there now."""
        world = self.world
        fault = world.faults.popleft() if world.faults else None
        if isinstance(fault, Fault):
            raise fault
        if int(params["chat_id"]) in world.people and int(params["chat_id"]) not in world.started:
            raise Fault(403, "Forbidden: bot can't initiate conversation with a user")
        chat = self._chat(params)
        if chat.moved_to:
            raise Fault(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.moved_to)
        if chat.is_gone:
            raise Fault(403, "Forbidden: the group chat was deleted")
        if chat.type == "private":
            if chat.id in world.blocked:
                raise Fault(403, "Forbidden: bot was blocked by the user")
        else:
            me = chat.members.get(world.me["id"]) or world.standing(world.me["id"], "left")
            if me["status"] == "kicked":
                raise Fault(403, f"Forbidden: bot was kicked from the {chat.type} chat")
            if not is_in(me):
                raise Fault(403, f"Forbidden: bot is not a member of the {chat.type} chat")
            if not me.get("can_send_messages", True) or (chat.type == "channel" and me["status"] != "administrator"):
                raise Fault(400, "Bad Request: not enough rights to send text messages to the chat")
        thread = int(params.get("message_thread_id") or 0)
        if thread and thread not in chat.topics:
            raise Fault(400, "Bad Request: message thread not found")
        if thread in chat.closed_topics:
            raise Fault(400, "Bad Request: TOPIC_CLOSED")
        self._slow_down(chat)
        return chat

    def _slow_down(self, chat: ChatState) -> None:
        world, now = self.world, self.world.now()
        for name, (count, seconds) in world.limits.items():
            if name == "group" and chat.type not in ("group", "supergroup"):
                continue
            recent = [at for at, where in world.sends if now - at < seconds and (name == "account" or where == chat.id)]
            if len(recent) >= count:
                wait = max(1, int(recent[0] + seconds - now + 0.999))
                raise Fault(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        world.sends.append((now, chat.id))

    def _put(self, chat: ChatState, params: dict[str, Any], what: dict[str, Any], content: bytes = b"") -> Any:
        world = self.world
        more: dict[str, Any] = {}
        wanted = params.get("reply_parameters")
        if wanted is not None:
            answered = chat.messages.get(wanted["message_id"])
            if answered is None and not wanted.get("allow_sending_without_reply"):
                raise Fault(400, "Bad Request: message to be replied not found")
            if answered is not None:
                more["reply_to_message"] = {name: value for name, value in answered.items() if name != "reply_to_message"}
        if params.get("message_thread_id"):
            more |= {"message_thread_id": int(params["message_thread_id"]), "is_topic_message": True}
        if params.get("link_preview_options"):
            more["link_preview_options"] = params["link_preview_options"]
        message = world._message(chat, None if chat.type == "channel" else world.me["id"], None, what | more)
        if content:
            world.files[message["message_id"]] = content
        return message
