"""How passwords are hashed and which ones are accepted."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import CommonPasswordValidator, UserAttributeSimilarityValidator
from django.core.exceptions import ValidationError

from hutong.foundation.errors import Invalid
from hutong.workspaces.models import User

LENGTH_MIN = 10
LENGTH_MAX = 200


class Hasher(Argon2PasswordHasher):
    """Argon2id with 46 MiB and two passes (OWASP asks for 46 MiB and one), so that four sign-ins at once fit a small machine."""

    time_cost = 2
    memory_cost = 47_104
    parallelism = 1


_common = CommonPasswordValidator()
_similar = UserAttributeSimilarityValidator(user_attributes=("name", "email"))


def check(password: str, *, person: User, field: str = "password") -> None:
    """Refuse a password that is short, common, or close to the person's name or e-mail."""
    if len(password) < LENGTH_MIN:
        raise Invalid.field(field, f"密码至少 {LENGTH_MIN} 个字符。", f"Use at least {LENGTH_MIN} characters.")
    if len(password) > LENGTH_MAX:
        raise Invalid.field(field, f"密码最多 {LENGTH_MAX} 个字符。", f"Use at most {LENGTH_MAX} characters.")
    if len(set(password)) < 4 or password.isdigit() or _refuses(_common, password, None):
        raise Invalid.field(field, "这个密码太常见，请换一个。", "This password is too common. Choose another.")
    if _refuses(_similar, password, person):
        raise Invalid.field(field, "密码与姓名或邮箱太接近。", "The password is too close to the name or the e-mail.")


def _refuses(validator: CommonPasswordValidator | UserAttributeSimilarityValidator, password: str, person: User | None) -> bool:
    try:
        validator.validate(password, person)
    except ValidationError:
        return True
    return False
