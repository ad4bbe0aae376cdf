"""The mails that would have been sent, after the worker did what waited."""

from __future__ import annotations

import re

from flask import Flask

from advocacy.core import uow
from advocacy.messaging.queries import DemoMail, demo_mails
from tests.support.work import run_due

_LINK = re.compile(r"http://localhost:\d+(/\S+)")


def mails(app: Flask, to: str) -> list[DemoMail]:
    """The mails to an address, newest first."""
    run_due(app)
    with uow.reading():
        return list(demo_mails(to).rows)


def link(app: Flask, to: str) -> str:
    """The path of the first link in the newest mail to an address."""
    found = _LINK.search(mails(app, to)[0].text)
    assert found, "the mail holds no link"
    return found[1]
