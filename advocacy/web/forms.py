"""The form base: plain WTForms; CSRF is checked at the edge by route class."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from flask import request
from werkzeug.wrappers import Response
from wtforms import Form as WTForm

from advocacy.core import uow
from advocacy.core.errors import AdvocacyError, Conflict, RuleBroken
from advocacy.web.csrf import SAFE


class Form(WTForm):
    """A form of a page."""

    @classmethod
    def of_request(cls, obj: Any = None, **defaults: Any) -> Self:  # noqa: ANN401 - wtforms signature
        """Filled from the posted form on unsafe methods, else from ``obj`` and defaults."""
        return cls(None if request.method in SAFE else request.form, obj=obj, **defaults)

    def carry_out(self, act: Callable[[], Response]) -> Response | None:
        """Do the deed of a posted form and give its answer; else none, the form says what to mend, nothing is kept.

        Raises: Conflict without a field: somebody was faster, which no mend in the form can help.
        """
        if request.method in SAFE or not self.validate():
            return None
        try:
            return act()
        except (RuleBroken, Conflict) as error:
            if isinstance(error, Conflict) and error.field is None:
                raise
            uow.rollback()
            self.refuse(error)
            return None

    def refuse(self, error: AdvocacyError) -> None:
        """Show a rule that a service found broken at its field, or at the top."""
        field = self._fields.get(error.field or "")
        if field is None:
            self.form_errors.append(error.message)
        else:
            field.errors = [*field.errors, error.message]
