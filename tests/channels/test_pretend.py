"""The pretend platform keeps the contract like a real one, so that tests on it mean something."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from hutong.channels import platforms
from hutong.channels.contract import Callback, Chat, NeedsReconnect, Refused, RetryLater, Settings
from hutong.foundation import clock
from tests.channels import pretend
from tests.channels.pretend import World, raising
from tests.connectors import contract
from tests.connectors.peer import Peer, Trouble


class PretendPeer(Peer):
    def __init__(self, world: World) -> None:
        self.world = world

    @property
    def settings(self) -> Settings:
        return {"token": "right", "url": "made-up", "size": 3}

    def wrong(self) -> dict[str, Settings]:
        return {"token": {**self.settings, "token": "wrong-token"}}

    @property
    def chat(self) -> Chat:
        return pretend.CHAT

    def arrived(self) -> list[str]:
        return self.world.texts()

    def meet(self, trouble: Trouble) -> bool:
        errors = {
            "slow_down": RetryLater("太快了，稍后再试。", "Too fast; it is tried again later.", after_seconds=5),
            "revoked": NeedsReconnect("令牌失效，请重新连接。", "The token is revoked. Reconnect."),
            "gone": Refused("chat_gone", "群已解散。", "The chat is gone."),
        }
        self.world.meets.append(raising(errors[trouble]))
        return True

    def say(self, text: str) -> None:
        self.world.say(pretend.message(text, len(self.world.says) + 1))

    def callback(self, text: str) -> Callback:
        event = pretend.message(text, 77)
        return Callback("POST", {}, {"x-token": "right"}, msgspec.json.encode(event), clock.now_ms())

    def forged(self) -> dict[str, Callback]:
        return {"token": msgspec.structs.replace(self.callback("x"), headers={"x-token": "wrong"})}


def test_it_keeps_the_contract(offer: Callable[..., World]) -> None:
    for check in (
        contract.check_test,
        contract.check_send,
        contract.check_troubles,
        contract.check_chats,
        contract.check_receive,
        contract.check_listen,
    ):
        world, connector = pretend.make()
        peer = PretendPeer(world)
        check(connector, peer)
    contract.check_manifest(connector)
    assert offer() is not world
    assert "pretend" in {one.platform for one in platforms.manifests()}
