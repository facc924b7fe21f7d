"""Which passwords are accepted, and how they are kept."""

from __future__ import annotations

import pytest

from hutong.foundation.errors import Invalid
from hutong.workspaces import passwords
from hutong.workspaces.models import User


@pytest.mark.parametrize(
    ("password", "zh", "en"),
    [
        ("ninechars", "密码至少 10 个字符。", "Use at least 10 characters."),
        ("长城长城长城", "密码至少 10 个字符。", "Use at least 10 characters."),
        ("x" * 201, "密码最多 200 个字符。", "Use at most 200 characters."),
        ("password123", "这个密码太常见，请换一个。", "This password is too common. Choose another."),
        ("1234567890", "这个密码太常见，请换一个。", "This password is too common. Choose another."),
        ("83920174652", "这个密码太常见，请换一个。", "This password is too common. Choose another."),
        ("ababababababab", "这个密码太常见，请换一个。", "This password is too common. Choose another."),
        ("wangfang@exa", "密码与姓名或邮箱太接近。", "The password is too close to the name or the e-mail."),
        ("Margaret Hamilton", "密码与姓名或邮箱太接近。", "The password is too close to the name or the e-mail."),
    ],
)
def test_refused(password: str, zh: str, en: str) -> None:
    with pytest.raises(Invalid) as caught:
        passwords.check(password, person=User(name="Margaret Hamilton", email="wangfang@example.com"))
    assert caught.value.errors == [{"field": "password", "message": {"zh": zh, "en": en}}]


@pytest.mark.parametrize("password", ["correct horse battery", "胡同口的老槐树下有只猫", "T9-kettle-moss", "x" * 3 + "!q7 " * 40])
def test_accepted(password: str) -> None:
    passwords.check(password, person=User(name="Margaret Hamilton", email="wangfang@example.com"))


def test_kept_as_argon2id_with_the_named_costs() -> None:
    user = User(email="a@example.com")
    user.set_password("correct horse battery")
    assert user.password.split("$")[:4] == ["argon2", "argon2id", "v=19", "m=47104,t=2,p=1"]
    assert user.check_password("correct horse battery")
    assert not user.check_password("correct horse batterY")
