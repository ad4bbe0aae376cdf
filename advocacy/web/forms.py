"""The form base: plain WTForms; CSRF is checked at the edge by route class."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Self

from flask import request
from flask_babel import get_locale
from werkzeug.wrappers import Response
from wtforms import Field
from wtforms import Form as WTForm
from wtforms.meta import DefaultMeta

from advocacy.core import uow
from advocacy.core.errors import AdvocacyError, Conflict, RuleBroken
from advocacy.web.csrf import SAFE


class KeptFields(DefaultMeta):
    """The ``Meta`` of a hot path's form: binding a field costs more than filling it, so one a language is copied."""

    _kept: ClassVar[dict[tuple[Any, str, str], Field]] = {}

    def bind_field(self, form: WTForm, unbound_field: Any, options: dict[str, Any]) -> Field:  # noqa: ANN401 - WTForms' signature
        """Give a copy; what is kept knows no form, so nothing that somebody typed."""
        key = (unbound_field, options["name"], str(get_locale()))
        kept = self._kept.get(key)
        if kept is None:
            kept = super().bind_field(form, unbound_field, options)
            kept._form = kept.meta = None  # noqa: SLF001 - WTForms has no other way to unbind
            self._kept[key] = kept
        field: Field = object.__new__(type(kept))  # its own ``__new__`` makes unbound ones
        field.__dict__.update(kept.__dict__, _form=form, meta=self)
        return field


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
