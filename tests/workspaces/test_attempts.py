"""Signing in, and how few guesses anybody gets."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection

from hutong.workspaces.actions import accounts
from hutong.workspaces.errors import TooManyAttempts, WrongCredentials
from hutong.workspaces.models import AuditEntry, SignInFailure, Staff, User, Workspace
from tests.workspaces.browser import PASSWORD, Browser

START = dt.datetime(2026, 11, 1, 8, tzinfo=dt.UTC)


class CountingHasher(MD5PasswordHasher):
    """A quick hasher that counts how often a password was looked at."""

    looked = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).looked += 1
        return super().encode(password, salt)


@pytest.fixture
def looks(settings: Any) -> type[CountingHasher]:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    CountingHasher.looked = 0
    return CountingHasher


def person(email: str = "fang@example.com") -> User:
    user = User(email=email, name="芳")
    user.set_password(PASSWORD)
    user.save()
    CountingHasher.looked = 0
    return user


def guess(password: str, *, email: str = "fang@example.com", address: str = "192.0.2.1") -> str:
    try:
        accounts.sign_in(email=email, password=password, address=address)
    except (WrongCredentials, TooManyAttempts) as error:
        return error.code
    return "in"


def test_e_mail_is_found_in_any_case(owner: User) -> None:
    answer = Browser().sign_in(" OWNER@Example.com ")
    assert (answer.status_code, answer.json()["user"]["email"]) == (200, "owner@example.com")


@pytest.mark.parametrize(("email", "password"), [("owner@example.com", "wrong horse"), ("nobody@example.com", PASSWORD), ("not an e-mail", PASSWORD)])
def test_wrong_and_unknown_are_told_apart_by_nobody(owner: User, email: str, password: str) -> None:
    answer = Browser().sign_in(email, password)
    body = answer.json()
    assert (answer.status_code, body["code"], body["detail"], dict(answer.cookies)) == (
        401,
        "wrong_credentials",
        "The e-mail or the password is wrong.",
        {},
    )


def test_unknown_and_closed_accounts_cost_one_look_too(db: None, looks: type[CountingHasher]) -> None:
    user = person()
    counts = []
    for email in ("fang@example.com", "nobody@example.com"):
        before = looks.looked
        guess("wrong", email=email)
        counts.append(looks.looked - before)
    User.objects.filter(pk=user.pk).update(is_active=False)
    before = looks.looked
    assert guess(PASSWORD) == "wrong_credentials"
    assert [*counts, looks.looked - before] == [1, 1, 1]


def test_sixth_try_is_not_looked_at_even_with_the_right_password(owner: User, workspace: Workspace) -> None:
    with time_machine.travel(START, tick=False) as traveller:
        browser = Browser()
        for _ in range(5):
            assert browser.sign_in(owner.email, "wrong horse").status_code == 401
            traveller.shift(60)
        answer = browser.sign_in(owner.email)
        assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (429, "too_many_attempts", "600")
        assert answer.json()["detail"] == "Try again in 10 minutes."
        traveller.shift(600)
        assert browser.sign_in(owner.email).status_code == 200
    actions = [(one.actor_kind, one.action) for one in AuditEntry.objects.in_workspace(workspace).order_by("at", "id")]
    assert actions == [("system", "session.throttle"), ("user", "session.start")]
    assert SignInFailure.objects.count() == 0


def test_success_starts_the_count_afresh(db: None, looks: type[CountingHasher]) -> None:
    person()
    for _ in range(3):
        assert [guess("wrong") for _ in range(4)] == ["wrong_credentials"] * 4
        assert guess(PASSWORD) == "in"


def test_ten_thousand_guesses_in_a_day(db: None, looks: type[CountingHasher]) -> None:
    person()
    seen: list[dt.datetime] = []
    with time_machine.travel(START, tick=False) as traveller:
        for number in range(10_000):
            before = looks.looked
            assert guess(f"guess {number}", address=f"198.51.{number % 256}.{number // 256}") in ("wrong_credentials", "too_many_attempts")
            if looks.looked > before:
                seen.append(START + dt.timedelta(seconds=8.64 * number))
            traveller.shift(8.64)
    assert len(seen) == 480  # five in each of the day's 96 quarters
    assert min((b - a).total_seconds() for a, b in zip(seen, seen[5:], strict=False)) >= 900


def test_one_address_gets_fifty_guesses_over_all_accounts(db: None, looks: type[CountingHasher]) -> None:
    outcomes = [guess("wrong", email=f"p{number}@example.com") for number in range(60)]
    assert outcomes == ["wrong_credentials"] * 50 + ["too_many_attempts"] * 10
    assert guess("wrong", email="p61@example.com", address="192.0.2.2") == "wrong_credentials"


@pytest.mark.django_db(transaction=True)
def test_racing_guesses_count_too(looks: type[CountingHasher]) -> None:
    person()
    gate = threading.Barrier(12)
    outcomes: list[str] = []

    def run(number: int) -> None:
        gate.wait()
        outcomes.append(guess(f"guess {number}"))
        connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (outcomes.count("wrong_credentials"), outcomes.count("too_many_attempts"), looks.looked) == (5, 7, 5)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "same"),
    [
        (0, ("203.0.113.1", "203.0.113.2"), True),
        (1, ("203.0.113.1", "203.0.113.2"), False),
        (1, ("1.1.1.1, 203.0.113.1", "2.2.2.2, 203.0.113.1"), True),
    ],
)
def test_forwarded_address_is_believed_only_from_our_proxies(
    owner: User, settings: Any, looks: type[CountingHasher], proxies: int, forwarded: tuple[str, str], same: bool
) -> None:
    settings.PROXIES_IN_FRONT = proxies
    browser = Browser(address="10.0.0.1")
    for address in forwarded:
        browser.send("POST", "/api/session", {"email": f"x{address[:1]}@example.com", "password": "wrong horse"}, **{"x-forwarded-for": address})
    assert SignInFailure.objects.values("address_hash").distinct().count() == (1 if same else 2)


def test_addresses_of_one_ipv6_network_count_together(owner: User, looks: type[CountingHasher]) -> None:
    for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"):
        Browser(address=address).sign_in(f"{address[-1]}@example.com", "wrong horse")
    assert SignInFailure.objects.values("address_hash").distinct().count() == 2


def test_neither_e_mail_nor_address_is_kept(owner: User) -> None:
    Browser(address="192.0.2.77").sign_in(owner.email, "wrong horse")
    row = SignInFailure.objects.values_list("account_hash", "address_hash").get()
    assert [len(one) for one in row] == [64, 64]
    assert not any(part in str(row) for part in ("owner", "192.0.2.77"))


def test_signing_in_is_audited_in_each_workspace(owner: User, workspace: Workspace, other_workspace: Workspace) -> None:
    Staff.objects.create(workspace=other_workspace, user=owner, role="viewer")
    Browser().sign_in(owner.email)
    for place in (workspace, other_workspace):
        assert [(one.action, one.actor_id) for one in AuditEntry.objects.in_workspace(place)] == [("session.start", owner.pk)]
