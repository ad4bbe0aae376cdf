"""The form base: plain WTForms; CSRF is checked at the edge by route class."""

from __future__ import annotations

from typing import Any, Self

from flask import request
from wtforms import Form as WTForm

from advocacy.core.errors import AdvocacyError


class Form(WTForm):
    """A form of a page."""

    @classmethod
    def of_request(cls, obj: Any = None, **defaults: Any) -> Self:  # noqa: ANN401 - wtforms signature
        """Filled from the posted form on unsafe methods, else from ``obj`` and defaults."""
        posted = request.form if request.method not in {"GET", "HEAD"} else None
        return cls(posted, obj=obj, **defaults)

    def refuse(self, error: AdvocacyError) -> None:
        """Show a rule that a service found broken at its field, or at the top."""
        field = self._fields.get(error.field or "")
        if field is None:
            self.form_errors.append(error.message)
        else:
            field.errors = [*field.errors, error.message]
