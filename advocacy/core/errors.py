"""Errors written for the reader of the page; the web edge turns each into its status."""

from __future__ import annotations


class AdvocacyError(Exception):
    """Base of every expected error; ``message`` is shown to people as it is."""

    status, code = 500, "error"

    def __init__(self, message: str = "", *, field: str | None = None, retry_after_s: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.retry_after_s = retry_after_s


class NotFound(AdvocacyError):
    """Nothing here, or nothing the reader may know of."""

    status, code = 404, "not_found"


class NotAllowed(AdvocacyError):
    """The reader may know that it exists but may not do this."""

    status, code = 403, "not_allowed"


class RuleBroken(AdvocacyError):
    """What was asked breaks a rule; ``field`` names the part to mend."""

    status, code = 422, "rule_broken"


class Conflict(AdvocacyError):
    """Somebody else was faster, or the thing changed meanwhile."""

    status, code = 409, "conflict"


class Gone(AdvocacyError):
    """A link that was used or has expired."""

    status, code = 410, "gone"


class TooMany(AdvocacyError):
    """Above a hard ceiling; ``retry_after_s`` says when to try again."""

    status, code = 429, "too_many"


class Unavailable(AdvocacyError):
    """A part is down or busy; nothing was stored."""

    status, code = 503, "unavailable"


class SettingsError(AdvocacyError):
    """Settings, keys or schema do not allow a start: exit status 2 and one line."""

    code = "settings"
