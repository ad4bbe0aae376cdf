"""Errors written for the reader of the page; the web edge turns each into its status."""

from __future__ import annotations


class AdvocacyError(Exception):
    """Base of every expected error; ``message`` is shown to people as it is."""

    status = 500
    code = "error"

    def __init__(self, message: str = "", *, field: str | None = None, retry_after_s: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.retry_after_s = retry_after_s


class NotFound(AdvocacyError):
    """Nothing here, or nothing the reader may know of."""

    status = 404
    code = "not_found"


class NotAllowed(AdvocacyError):
    """The reader may know that it exists but may not do this."""

    status = 403
    code = "not_allowed"


class RuleBroken(AdvocacyError):
    """What was asked breaks a rule; ``field`` names the part to mend."""

    status = 422
    code = "rule_broken"


class Conflict(AdvocacyError):
    """Somebody else was faster, or the thing changed meanwhile."""

    status = 409
    code = "conflict"


class Gone(AdvocacyError):
    """A link that was used or has expired."""

    status = 410
    code = "gone"


class TooMany(AdvocacyError):
    """Above a hard ceiling; ``retry_after_s`` says when to try again."""

    status = 429
    code = "too_many"


class Unavailable(AdvocacyError):
    """A part is down or busy; nothing was stored."""

    status = 503
    code = "unavailable"


class SettingsError(AdvocacyError):
    """Settings, keys or schema do not allow a start: exit status 2 and one line."""

    code = "settings"
