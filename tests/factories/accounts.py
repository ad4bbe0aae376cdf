"""Accounts and signed-in clients for tests."""

from __future__ import annotations

from itertools import count

from flask import current_app
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from advocacy.accounts.services import registering, sessions
from advocacy.core import uow
from advocacy.core.actor import system_actor
from advocacy.web.session import DerivedSessionInterface, cookie_name

PASSWORD = "violet harbor stone lantern"
_number = count(1)


def make_user(
    email: str | None = None, name: str = "Rosalind Okafor", password: str = PASSWORD, *, platform_admin: bool = False
) -> int:
    """An account, committed; gives its id. Its address is ``person<N>@example.org`` unless given."""
    with uow.unit():
        user = registering.create_user(
            system_actor(), email=email or f"person{next(_number)}@example.org", name=name, password=password
        )
        if platform_admin:
            registering.make_platform_admin(system_actor(), user.id)
        return user.id


def sign_in(client: FlaskClient, user_id: int) -> FlaskClient:
    """Give the client a live session of the account, without the page."""
    with uow.unit():
        token = sessions.begin_session(user_id)
    client.set_cookie(cookie_name(current_app), token)
    return client


def csrf_token(client: FlaskClient) -> str:
    """Give what the forms of this client would hold in the field ``csrf_token``."""
    cookie = client.get_cookie(cookie_name(current_app))
    assert cookie is not None, "sign in first"
    with current_app.test_request_context(headers={"Cookie": f"{cookie.key}={cookie.value}"}) as context:
        raw = DerivedSessionInterface().open_session(current_app, context.request)["csrf_token"]
    return str(URLSafeTimedSerializer(current_app.secret_key, salt="wtf-csrf-token").dumps(raw))


def user_email(user_id: int) -> str:
    """The account's address."""
    from advocacy.accounts.queries import contact

    with uow.reading():
        return contact(user_id)[1]
