"""A small QQ behind a OneBot 11 program: groups with people, what they say, and the calls NapCat answers. `server.py` puts it on the wire."""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hutong.foundation import clock

ME, XIAOHONG, GROUP = 10001000, 20002000, 700700700
Emit = Callable[[dict[str, Any]], None]


@dataclass
class World:
    """What is so. `emitters`: whoever hears events."""

    token: str = "t0ken-t0ken-t0ken"
    me: int = ME
    groups: dict[int, str] = field(default_factory=lambda: {GROUP: "早餐铺子"})
    said: list[dict[str, Any]] = field(default_factory=list)  # events, in order
    shown: list[dict[str, Any]] = field(default_factory=list)  # what the account sent
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    emitters: list[Emit] = field(default_factory=list)
    coming: int = 0  # connections let in that do not hear yet
    faults: list[dict[str, Any]] = field(default_factory=list)  # answers to the next sends, instead of doing them
    is_online: bool = True
    is_revoked: bool = False
    has_history: bool = True
    is_mute: bool = False  # does what it is asked and never answers
    is_frozen: bool = False  # its socket stays open, and nothing comes by it
    form: str = "array"
    lock: threading.Lock = field(default_factory=threading.Lock)
    _last: int = 4_000

    def next_id(self) -> int:
        self._last += 1
        return self._last

    def event(self, post_type: str, **fields: Any) -> dict[str, Any]:
        return {"time": int(clock.now_ms() // 1000), "self_id": self.me, "post_type": post_type, **fields}

    def message(self, text: str = "", *, message: Any = None, user: int = XIAOHONG, group: int | None = GROUP, **fields: Any) -> dict[str, Any]:
        """A message as it is told."""
        parts = message if message is not None else [{"type": "text", "data": {"text": text}}]
        found = self.event(
            "message",
            message_type="group" if group else "private",
            sub_type="normal" if group else "friend",
            message_id=self.next_id(),
            user_id=user,
            message=parts,
            raw_message=text,
            font=14,
            sender={"user_id": user, "nickname": "小红", **({"card": "红姐", "role": "member"} if group else {})},
        )
        if group:
            found["group_id"] = group
        return {**found, **fields}

    def is_heard(self, count: int = 1) -> bool:
        """Waits until so many listen."""
        end = time.monotonic() + 10
        while len(self.emitters) < count and time.monotonic() < end:
            time.sleep(0.01)
        return len(self.emitters) >= count

    def tell(self, event: dict[str, Any]) -> dict[str, Any]:
        """Everybody who listens hears it."""
        while self.coming:
            time.sleep(0.01)
        with self.lock:
            if event["post_type"] == "message":
                self.said.append(event)
            emitters = list(self.emitters)
        for emit in emitters:
            emit(event)
        return event

    def say(self, text: str, **fields: Any) -> dict[str, Any]:
        return self.tell(self.message(text, **fields))

    def heartbeat(self, interval: int = 30_000) -> dict[str, Any]:
        return self.event("meta_event", meta_event_type="heartbeat", status={"online": self.is_online, "good": True}, interval=interval)

    def lifecycle(self) -> dict[str, Any]:
        return self.event("meta_event", meta_event_type="lifecycle", sub_type="connect")

    def answer(self, action: str, params: dict[str, Any]) -> dict[str, Any]:
        """What a call gives, `echo` aside."""
        with self.lock:
            self.asked.append((action, params))
            if self.is_revoked:
                return {"status": "failed", "retcode": 1403, "data": None, "message": "token验证失败", "wording": "token验证失败"}
            if action.startswith(("send_", "upload_")) and self.faults:
                return self.faults.pop(0)
            done = getattr(self, f"do_{action}", None)
            if done is None or (action == "get_group_msg_history" and not self.has_history):
                return {"status": "failed", "retcode": 1404, "data": None, "message": f"不支持的Api {action}", "wording": ""}
            return {"status": "ok", "retcode": 0, "data": done(params), "message": "", "wording": ""}

    def do_get_login_info(self, _: dict[str, Any]) -> Any:
        return {"user_id": self.me, "nickname": "早餐机器人"}

    def do_get_status(self, _: dict[str, Any]) -> Any:
        return {"online": self.is_online, "good": True, "stat": {}}

    def do_get_group_list(self, _: dict[str, Any]) -> Any:
        return [{"group_id": number, "group_name": name, "member_count": 3, "max_member_count": 200} for number, name in self.groups.items()]

    def do_get_group_msg_history(self, params: dict[str, Any]) -> Any:
        return {"messages": [one for one in self.said if one.get("group_id") == params["group_id"]][-params["count"] :]}

    def do_send_group_msg(self, params: dict[str, Any]) -> Any:
        if params["group_id"] not in self.groups:
            raise AssertionError("a group nobody knows")
        return self._shown(params)

    def do_send_private_msg(self, params: dict[str, Any]) -> Any:
        return self._shown(params)

    def do_upload_group_file(self, params: dict[str, Any]) -> Any:
        base64.b64decode(params["file"].removeprefix("base64://"), validate=True)
        self.shown.append(params)
        return {"file_id": f"/f{len(self.shown)}"}

    do_upload_private_file = do_upload_group_file

    def _shown(self, params: dict[str, Any]) -> Any:
        self.shown.append(params)
        return {"message_id": self.next_id()}


def failed(words: str, *, retcode: int = 1200) -> dict[str, Any]:
    """An answer of NapCat that says why not."""
    return {"status": "failed", "retcode": retcode, "data": None, "message": words, "wording": words}


REMOVED = failed(
    'Error: EventChecker Failed: NTEvent serviceAndMethod:NodeIKernelMsgService/sendMsg EventRet:\n{\n  "result": 110,\n  "errMsg": "发送失败，你已被移出该群，请重新加群。"\n}'
)
MUTED = failed('Error: EventChecker Failed: NTEvent EventRet:\n{"result": 120, "errMsg": "你已被禁言"}')
TIMED_OUT = failed(
    "Timeout: NTEvent serviceAndMethod:NodeIKernelMsgService/sendMsg ListenerName:NodeIKernelMsgListener/onMsgInfoListUpdate EventRet:\n{}\n"
)
