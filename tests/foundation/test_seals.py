"""What is sealed opens for its reader only."""

from __future__ import annotations

from typing import Any

import pytest

from hutong.foundation import seals


def test_opens_with_the_same_secret_and_purpose_only(settings: Any) -> None:
    sealed = seals.seal("密钥 htk_1".encode(), purpose="a", secret="s")
    assert seals.unseal(sealed, purpose="a", secret="s") == "密钥 htk_1".encode()
    assert b"htk_1" not in sealed
    assert seals.seal("密钥 htk_1".encode(), purpose="a", secret="s") != sealed
    for purpose, secret, text in (("b", "s", sealed), ("a", "t", sealed), ("a", "s", sealed[:-1] + bytes([sealed[-1] ^ 1])), ("a", "s", b"")):
        with pytest.raises(ValueError):
            seals.unseal(text, purpose=purpose, secret=secret)
    settings.SECRET_KEY = "another installation"
    with pytest.raises(ValueError):
        seals.unseal(sealed, purpose="a", secret="s")
