"""Build the application: settings in, WSGI app out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale, negotiate_locale
from flask import Flask, has_request_context, request
from flask_babel import Babel
from flask_migrate import Migrate
from werkzeug.routing import BaseConverter
from whitenoise import WhiteNoise

from advocacy.core import clock, crypto, logs, paths
from advocacy.core.db import db
from advocacy.core.engine import engine_options, prepare_engine
from advocacy.core.settings import Settings
from advocacy.rooms import MANIFESTS
from advocacy.web import access, templating
from advocacy.web import app as edge
from advocacy.web.bodies import BodyGate
from advocacy.web.locales import LOCALES
from advocacy.web.manifest import House
from advocacy.web.page_cache import PageCache
from advocacy.web.session import DerivedSessionInterface


class SlugConverter(BaseConverter):
    """A readable name in a URL."""

    regex = r"[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?"


class TokenConverter(BaseConverter):
    """A secret or public id in a URL; anything else is a 404 without a look-up."""

    regex = r"[A-Za-z0-9_-]{16,120}"


def create_app(settings: Settings, *, with_keys: bool = True) -> Flask:
    """The whole application.

    ``with_keys=False`` is for commands that must work before keys exist (``db upgrade``, ``doctor``).

    Raises: SettingsError with one line for people.
    """
    clock.use_offset_file(settings.clock.offset_file)
    logs.set_up(settings.logs.level, settings.logs.format)
    app = edge.WebApp("advocacy", template_folder=str(paths.TEMPLATES), static_folder=None)
    ring = crypto.read_key_file(settings.security.key_file) if with_keys else None
    app.config.update(
        SECRET_KEY=ring.derive("flask") if ring else None,
        SQLALCHEMY_DATABASE_URI=_database_url(settings),
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings),
        MAX_CONTENT_LENGTH=settings.server.max_body_kb * 1024,
        MAX_FORM_MEMORY_SIZE=settings.server.max_body_kb * 1024,
        MAX_FORM_PARTS=500,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        BABEL_TRANSLATION_DIRECTORIES=str(paths.TRANSLATIONS),
        TRAP_HTTP_EXCEPTIONS=False,
    )
    app.extensions["advocacy.settings"] = settings
    app.extensions["advocacy.keys"] = ring
    app.extensions["advocacy.house"] = House(MANIFESTS)
    app.url_map.converters.update(slug=SlugConverter, token=TokenConverter)
    app.session_interface = DerivedSessionInterface()
    Babel(app, locale_selector=_locale)
    db.init_app(app)
    Migrate(app, db, directory=str(paths.MIGRATIONS), render_as_batch=True, compare_type=True)
    with app.app_context():
        prepare_engine(db.engine, settings)
    edge.set_up(app, settings)
    templating.set_up(app, settings)
    for manifest in MANIFESTS:
        for blueprint in manifest.blueprints:
            app.register_blueprint(blueprint)
        for signal, receiver in manifest.receivers:
            signal.connect(receiver, weak=False)
        if manifest.set_up is not None:
            manifest.set_up(app)
    gate = BodyGate(
        app.wsgi_app,
        threads=settings.server.threads,
        max_bytes=settings.server.max_body_kb * 1024,
        port=settings.server.port,
    )
    app.wsgi_app = _around(app, gate)  # type: ignore[method-assign]
    return app


def _database_url(settings: Settings) -> str:
    """The URL as Flask-SQLAlchemy takes it: relative SQLite paths count from the working directory."""
    url = settings.database.url
    if url.startswith("postgres://"):
        url = "postgresql://" + url.removeprefix("postgres://")
    if settings.is_sqlite and url.startswith("sqlite:///") and not url.startswith("sqlite:////"):
        path = Path(url.removeprefix("sqlite:///")).absolute()
        url = f"sqlite:///{path}"
    return url


def _around(app: Flask, inner: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    cache = PageCache(inner, _negotiate)
    prefix = app.config["STATIC_PREFIX"]

    def add_headers(headers: Any, path: str, url: str) -> None:  # noqa: ANN401 - wsgiref Headers
        del path, url
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Content-Security-Policy"] = "default-src 'none'; style-src 'self'"

    return WhiteNoise(  # type: ignore[no-any-return]
        cache,
        root=str(paths.STATIC),
        prefix=prefix,
        immutable_file_test=lambda _path, _url: True,
        add_headers_function=add_headers,
        allow_all_origins=False,
    )


def _negotiate(accept_language: str) -> str:
    if len(LOCALES) == 1 or not accept_language:
        return LOCALES[0]
    wanted = [part.split(";")[0].strip().replace("-", "_") for part in accept_language[:200].split(",")]
    return negotiate_locale(wanted, LOCALES) or LOCALES[0]


def _locale() -> Locale:
    if not has_request_context():  # jobs and commands speak to operators; mails set their reader's own
        return _parsed(LOCALES[0])
    chosen = access.current_actor()
    if chosen.is_signed_in and chosen.locale in LOCALES:
        return _parsed(chosen.locale)
    return _parsed(_negotiate(request.environ.get("HTTP_ACCEPT_LANGUAGE", "")))


@lru_cache(maxsize=len(LOCALES))
def _parsed(code: str) -> Locale:
    return Locale.parse(code)
