"""How commands of rooms get the app: built once, on first need, with one unit of work around the command."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable
from typing import Any, NoReturn, ParamSpec, TypeVar

import click
from flask import Flask
from sqlalchemy import exc

from advocacy.core import uow
from advocacy.core.errors import AdvocacyError, NotFound

EXPECTED = (
    AdvocacyError,
    exc.OperationalError,
    exc.InterfaceError,
    exc.IntegrityError,
    exc.DataError,
    OverflowError,
    UnicodeEncodeError,
)
"""What values and surroundings can cause; ``refuse`` says each in one line."""
Params = ParamSpec("Params")
Result = TypeVar("Result")


class NotSo(click.ClickException):
    """The thing asked about is not so: exit status 1."""

    exit_code = 1

    def show(self, file: Any = None) -> None:  # noqa: ANN401 - click's signature
        """One line, without click's prefix."""
        del file
        click.echo(self.message, err=True)


class Unusable(click.ClickException):
    """Wrong usage, settings or surroundings: exit status 2 and one line."""

    exit_code = 2

    def show(self, file: Any = None) -> None:  # noqa: ANN401 - click's signature
        """One line, without click's prefix."""
        del file
        click.echo(self.message, err=True)


def app_of(context: click.Context | None = None, *, with_keys: bool = True) -> Flask:
    """The app of this run, made by the root group's factory; without keys only for the doctor."""
    found = (context or click.get_current_context()).find_root().obj
    app: Flask = found() if with_keys else found(with_keys=False)
    return app


def refuse(error: Exception) -> NoReturn:
    """Turn an expected error into its exit status and one line."""
    if isinstance(error, NotFound):
        raise NotSo(error.message) from None
    if isinstance(error, AdvocacyError):
        raise Unusable(error.message) from None
    if isinstance(error, exc.OperationalError | exc.InterfaceError):
        reason = str(error.orig).strip().splitlines()[0] if error.orig else "no answer"
        message = f"database: {reason}"
        raise Unusable(message) from None
    if isinstance(error, exc.IntegrityError):
        raise Unusable("Somebody changed this at the same moment. Please try again.") from None
    if isinstance(error, exc.DataError | OverflowError):
        raise Unusable("A value is too long or too large to be stored.") from None
    if isinstance(error, UnicodeEncodeError):
        raise Unusable("A value is not UTF-8 text.") from None
    raise error


def _around(command: Callable[Params, Result], unit: Callable[[], Any]) -> Callable[Params, Result]:
    @functools.wraps(command)
    def run(*args: Params.args, **kwargs: Params.kwargs) -> Result:
        try:
            with app_of().app_context(), unit():
                return command(*args, **kwargs)
        except EXPECTED as error:
            refuse(error)

    return run


def writes(command: Callable[Params, Result]) -> Callable[Params, Result]:
    """The command is one writing unit: it commits at its end, or nothing happened."""
    return _around(command, uow.unit)


def reads(command: Callable[Params, Result]) -> Callable[Params, Result]:
    """The command only reads; the database refuses the rest."""
    return _around(command, uow.reading)


def in_steps(command: Callable[Params, Result]) -> Callable[Params, Result]:
    """The command opens its own units: it asks something outside between them."""
    return _around(command, contextlib.nullcontext)
