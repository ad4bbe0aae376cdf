"""What is wrong with this installation: settings that do not fit together, unsafe stores, unreachable servers."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _

from advocacy.core.db import db, read_only
from advocacy.core.errors import SettingsError
from advocacy.core.settings import Settings
from advocacy.ops.adapters import reach
from advocacy.ops.services.health import Line, examine

SQLITE_WANTED = (
    ("journal_mode", "PRAGMA journal_mode", {"wal"}),
    ("synchronous", "PRAGMA synchronous", {2, 3}),
    ("foreign_keys", "PRAGMA foreign_keys", {1}),
)
POSTGRESQL_WANTED = (
    ("fsync", "SHOW fsync", {"on"}),
    ("full_page_writes", "SHOW full_page_writes", {"on"}),
    ("synchronous_commit", "SHOW synchronous_commit", {"on", "local", "remote_write", "remote_apply"}),
)


def diagnose(*, keys_problem: SettingsError | None = None, is_online: bool = False) -> list[Line]:
    """Everything the doctor looks at, healthy or not; ``is_online`` also asks the site under its public address.

    Needs: no open transaction.
    """
    settings: Settings = current_app.extensions["advocacy.settings"]
    lines = [Line("keys", keys_problem is None, keys_problem.message if keys_problem else _("readable"))]
    lines += _settings_lines(settings)
    lines += examine(with_doctor=True)
    if any(line.name == "database" and line.is_fine for line in lines):
        lines.append(_durability())
    if settings.mail.transport == "smtp":
        lines.append(_line("smtp", reach.smtp_problem(settings.mail), _("answers")))
    if is_online:
        lines.append(_line("online", reach.site_problem(settings.base_url), _("answers under its own address")))
    return lines


def _line(name: str, problem: str | None, fine: str) -> Line:
    return Line(name, problem is None, problem or fine)


def is_public(base_url: str) -> bool:
    """Whether other machines are meant to reach this address."""
    host = urlsplit(base_url).hostname or ""
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return host != "localhost" and not host.endswith(".localhost")


def _settings_lines(settings: Settings) -> list[Line]:
    is_open = is_public(settings.base_url)
    is_default_sender = settings.mail.sender.endswith("localhost.localdomain")
    findings = {
        "server.base_url": _("people reach this site without https") if is_open and not settings.is_https else None,
        "server.trusted_proxies": _("name the proxy that speaks https, or all visitors count as one address")
        if settings.is_https and not settings.server.trusted_proxies
        else None,
        "server.debug": _("debug mode is on") if settings.server.debug else None,
        "mail.transport": _("mail is not sent, only shown to the operator")
        if is_open and settings.mail.transport != "smtp"
        else None,
        "mail.sender": _("still the default; mail servers will refuse it")
        if settings.mail.transport == "smtp" and is_default_sender
        else None,
        "mail.starttls": _("mail waits: the password would go to the mail server in the clear")
        if settings.mail.username and not settings.mail.starttls and is_public(f"smtp://{settings.mail.host}")
        else None,
        "demo.enabled": _("the demonstration is on at a public address") if is_open and settings.demo.enabled else None,
        "clock.offset_file": _("the clock is moved for a drill") if settings.clock.offset_file else None,
    }
    return [_line(name, problem, _("fits")) for name, problem in findings.items()]


def _durability() -> Line:
    """R-04: what was acknowledged must survive a power cut; asked on two pooled connections at once."""
    wanted = SQLITE_WANTED if db.engine.dialect.name == "sqlite" else POSTGRESQL_WANTED
    with read_only(), db.engine.connect() as one, db.engine.connect() as other:
        wrong = {
            name
            for connection in (one, other)
            for name, question, fine in wanted
            if connection.exec_driver_sql(question).scalar() not in fine
        }
    problem = _("unsafe: %(names)s", names=", ".join(sorted(wrong))) if wrong else None
    return _line("durability", problem, _("what is stored stays stored"))
