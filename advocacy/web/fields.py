"""Form fields and rules that several rooms share."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, Field, Form, IntegerField, StringField, TextAreaField
from wtforms.validators import ValidationError
from wtforms.widgets import HiddenInput

from advocacy.core.text import clean_block, clean_line, has_control, has_url, starts_formula


class PlainText:
    """Refuses control and direction-override characters."""

    def __call__(self, form: Form, field: Field) -> None:
        """Check the raw text before it was cleaned."""
        del form
        raw = field.raw_data[0] if field.raw_data else field.data
        if isinstance(raw, str) and has_control(raw):
            raise ValidationError(_l("This holds characters that cannot be stored. Please type it again."))


class PersonName:
    """A name as people write it: any script; no link, no spreadsheet formula (domain I-100)."""

    def __call__(self, form: Form, field: Field) -> None:
        """Check the cleaned name."""
        del form
        name = field.data or ""
        if starts_formula(name):
            raise ValidationError(_l("A name cannot start with = + - or @."))
        if has_url(name) or "://" in name:
            raise ValidationError(_l("A name cannot hold a web address."))
        if name and not any(char.isalpha() for char in name):
            raise ValidationError(_l("Please give a name with at least one letter."))
        if "=?" in name and "?=" in name:
            raise ValidationError(_l("A name cannot hold coded text."))


_PLAIN_LOCAL = re.compile(r"\A(?=.{1,64}\Z)[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*\Z")


@lru_cache(maxsize=4096)
def _is_address(text: str) -> bool:
    """Syntax only; the domain kept for drills (``.test``) is taken too."""
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=True, test_environment=True)
    except (EmailNotValidError, ValueError):
        return False
    return "." in found.ascii_domain


class MailAddress:
    """A deliverable-looking address; nothing is looked up."""

    def __call__(self, form: Form, field: Field) -> None:
        """Check syntax only."""
        del form
        text = field.data or ""
        local, _at, domain = text.rpartition("@")
        probe = f"a@{domain}" if _PLAIN_LOCAL.match(local) else text  # then only the domain is worth a closer look
        if starts_formula(text) or '"' in text or not _is_address(probe):
            raise ValidationError(_l("Enter an e-mail address in the form name@example.org."))


def _line(text: str | None) -> str:
    return clean_line(text or "")


def _block(text: str | None) -> str:
    return clean_block(text or "")


class LineField(StringField):
    """One line of text, cleaned; what is missing is empty text."""

    def __init__(self, label: Any, validators: Any = (), **kwargs: Any) -> None:  # noqa: ANN401 - wtforms signature
        super().__init__(label, [*validators, PlainText()], filters=[_line], **kwargs)


class BlockField(TextAreaField):
    """Several lines of text, cleaned; what is missing is empty text."""

    def __init__(self, label: Any, validators: Any = (), **kwargs: Any) -> None:  # noqa: ANN401 - wtforms signature
        super().__init__(label, [*validators, PlainText()], filters=[_block], **kwargs)


class MailField(EmailField):
    """An e-mail address."""

    def __init__(self, label: Any, validators: Any = (), **kwargs: Any) -> None:  # noqa: ANN401 - wtforms signature
        super().__init__(label, [*validators, PlainText(), MailAddress()], filters=[_line], **kwargs)


class VersionField(IntegerField):
    """The version of a row that the page showed; a post without one, or with anything else in it, names none: 0."""

    widget = HiddenInput()
    data: Any  # a number once something was posted
    process_errors: list[str]

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - wtforms signature
        """Never keep the row's own version where the post names none: the check for changes would be passed by."""
        super().process(formdata, *args, **kwargs)
        if formdata is not None:
            given = formdata.get(self.name, "")
            self.data = int(given) if given.isdecimal() and len(given) < 10 else 0  # noqa: PLR2004 - an integer column
            self.process_errors = []
