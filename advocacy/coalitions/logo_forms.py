"""The form of an organization's logo: one file."""

from __future__ import annotations

from typing import Any, Self

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import CombinedMultiDict, FileStorage, MultiDict
from wtforms import FileField
from wtforms.validators import ValidationError

from advocacy.coalitions import pictures
from advocacy.core.errors import RuleBroken
from advocacy.web.csrf import SAFE
from advocacy.web.fields import VersionField
from advocacy.web.forms import Form


class LogoForm(Form):
    """A picture; the form is valid once it was decoded and drawn anew, which is slow: no transaction may be open."""

    logo = FileField(_l("Picture"))
    version = VersionField()
    picture: pictures.Picture

    @classmethod
    def of_upload(cls, version: int = 0) -> Self:
        """Filled from the posted form and its file."""
        given: list[MultiDict[str, Any]] = [request.files, request.form]
        posted: CombinedMultiDict[str, Any] | None = None if request.method in SAFE else CombinedMultiDict(given)
        return cls(posted, version=version)

    def validate_logo(self, field: FileField) -> None:
        """Look into the file; its name and the kind it claims to be do not count."""
        given = field.data
        if not isinstance(given, FileStorage) or not given.filename:
            raise ValidationError(_("Choose a file."))
        try:
            self.picture = pictures.redrawn(given.stream.read(pictures.MAX_BYTES + 1))
        except RuleBroken as error:
            raise ValidationError(error.message) from error
