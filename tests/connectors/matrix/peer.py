"""What the matrix connector is tried against: a real Synapse, with an account for the connector and people who talk to it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.test import override_settings

from hutong.channels.contract import Chat, Settings
from tests.connectors.matrix.synapse import CLIENT, Synapse, User, running
from tests.connectors.peer import Peer, Trouble


class MatrixPeer(Peer):
    """A room with the bot and one person in it."""

    def __init__(self, server: Synapse) -> None:
        self.server = server
        self.bot = server.user("bot")
        self.alice = server.user("alice")
        self.room_id = self.alice.room(name="胡同口")
        self.bot.act(self.room_id, "join")

    @property
    def settings(self) -> Settings:
        return {"homeserver": self.server.url, "access_token": self.bot.token, "join": "own", "style": "text", "send_in_encrypted": False}

    def wrong(self) -> dict[str, Settings]:
        revoked = self.server.user("gone")
        revoked.call("POST", f"{CLIENT}/logout", {})
        guest = self.server.call("POST", f"{CLIENT}/register", {}, kind="guest")["access_token"]
        return {
            "a token nobody gave": {**self.settings, "access_token": "syt_wrong_token_0000"},
            "a token revoked": {**self.settings, "access_token": revoked.token},
            "no token": {**self.settings, "access_token": ""},
            "a guest": {**self.settings, "access_token": guest},
            "nobody answers there": {**self.settings, "homeserver": "http://127.0.0.1:9"},
            "not a homeserver": {**self.settings, "homeserver": f"{self.server.url}/elsewhere"},
        }

    @property
    def chat(self) -> Chat:
        return Chat(id=self.room_id, name="胡同口")

    def arrived(self) -> list[str]:
        return [one["body"] for one in self.alice.messages(self.room_id)]

    def meet(self, trouble: Trouble) -> bool:
        if trouble == "slow_down":
            elsewhere = self.bot.room()
            self.server.slow_down(self.bot, to=1)
            until_limited(self.bot, elsewhere)
        elif trouble == "gone":
            self.server.slow_down(self.bot, to=None)
            self.alice.act(self.room_id, "kick", user_id=self.bot.id)
        else:
            self.bot.call("POST", f"{CLIENT}/logout", {})
        return True

    def say(self, text: str) -> None:
        self.alice.say(self.room_id, text)


def until_limited(user: User, room_id: str) -> None:
    """Send until one went through: the next within a second is one too many."""
    for number in range(100):
        path = f"{CLIENT}/rooms/{room_id}/send/m.room.message/full{number}"
        headers = {"Authorization": f"Bearer {user.token}"}
        if user.server.http.put(path, json={"msgtype": "m.text", "body": "占满"}, headers=headers).status_code == 200:
            return
        time.sleep(0.05)
    raise AssertionError("the limit never let anything through")


@contextmanager
def start() -> Iterator[MatrixPeer]:
    """A new room with a new account on the server of this run."""
    server = running()
    with override_settings(EGRESS_LOOPBACK=True):
        yield MatrixPeer(server)


def person(server: Synapse, name: str) -> User:
    """Somebody with a name of their own."""
    made = server.user()
    made.call("PUT", f"{CLIENT}/profile/{made.id}/displayname", {"displayname": name})
    return made
