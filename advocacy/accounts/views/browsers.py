"""What a request says of its browser, and the cookies that an answer gives it."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from advocacy.accounts import factor_queries, rules
from advocacy.accounts.services.signing_in import Browser, SignedInNow
from advocacy.web import access, limits, respond
from advocacy.web import session as cookies
from advocacy.web.manifest import house


def agent() -> str:
    """Two words by which the owner knows this browser again."""
    return rules.agent_words(request.user_agent.string)


def browser() -> Browser:
    """This request's browser."""
    network = limits.client_network(request)
    return Browser(network, cookies.cookie_token(), cookies.device_token(), agent())


def enter(found: SignedInNow, target: str | None) -> Response:
    """Lead a person who has just signed in to their work, or first to the second step that their role asks for."""
    standing = house().standing(found.user_id)
    path = respond.own_path(target, standing.home)
    if standing.must_have_factor and not factor_queries.has_factor(found.user_id):
        path = access.ENROLMENT
    response = respond.see_other(path)
    cookies.set_cookie(response, found.token)
    if found.device_token is not None:
        cookies.set_device_cookie(response, found.device_token)
    if cookies.step_token() is not None:
        cookies.clear_step_cookie(response)
    return response
