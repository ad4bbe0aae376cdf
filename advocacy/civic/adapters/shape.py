"""The shape of answers: unknown fields are ignored, optional ones may be missing, wrong types are refused."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError
from pydantic.alias_generators import to_camel

from advocacy.civic.adapters.ports import ProviderDataError
from advocacy.core.text import clean_block, clean_line, has_control


class Shape(BaseModel):
    """A JSON object of which we read some fields."""

    model_config = ConfigDict(
        strict=True, extra="ignore", frozen=True, allow_inf_nan=False, hide_input_in_errors=True, populate_by_name=True
    )


class CamelShape(Shape):
    """A JSON object whose fields are writtenLikeThis."""

    model_config = ConfigDict(alias_generator=to_camel)


def _no_control(text: str) -> str:
    return "".join(" " if has_control(char) else char for char in text) if has_control(text) else text


def _web_address(text: str) -> str:
    """The address when it is one of the web, else nothing: ``javascript:`` must never come to a page."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in {"http", "https"} and parts.hostname and len(text) <= 300 else ""  # noqa: PLR2004 - the column


def _mail_address(text: str) -> str:
    """An e-mail address, or nothing: some sources put the address of a web form here."""
    return text if "@" in text and "/" not in text and " " not in text and len(text) <= 120 else ""  # noqa: PLR2004 - the column


def _nothing(value: object) -> object:
    return "" if value is None else value


_short = StringConstraints(max_length=2_000)
type_line = Annotated[str, BeforeValidator(_nothing), _short, AfterValidator(_no_control), AfterValidator(clean_line)]
type_block = Annotated[
    str,
    BeforeValidator(_nothing),
    StringConstraints(max_length=100_000),
    AfterValidator(_no_control),
    AfterValidator(clean_block),
]
type_key = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"^[!-~][ -~]*$")]
"""An identifier that must be there: printable ASCII."""
type_url = Annotated[str, BeforeValidator(_nothing), AfterValidator(_no_control), AfterValidator(_web_address)]
type_mail = Annotated[str, BeforeValidator(_nothing), AfterValidator(_no_control), AfterValidator(_mail_address)]

Read = TypeVar("Read", bound=BaseModel)


def read(shape: type[Read], value: Any) -> Read:  # noqa: ANN401 - JSON
    """Read a JSON value.

    Raises: ProviderDataError with the path of the first field that does not fit.
    """
    path = ""
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_input=False, include_context=False, include_url=False)[0]
        path = ".".join(_step(part) for part in first["loc"]) or "(whole)"
    except RecursionError:
        path = "(whole)"
    raise ProviderDataError(path)


def _step(part: int | str) -> str:
    """A step of the path; names that a provider made up (not ours) are not repeated."""
    return str(part) if isinstance(part, int) or (part.isidentifier() and len(part) <= 40) else "*"  # noqa: PLR2004 - our longest
