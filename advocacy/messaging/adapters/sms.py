"""Hand a text to a service that speaks Twilio's API. What it answers is a number and an id, never its words."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass

from advocacy.core.http_client import Answer, Budget, Fault, FetchError, HttpClient
from advocacy.core.settings_outside import Sms
from advocacy.messaging.rules import Outcome, Result

BUDGET_S = 10.0
_BUSY, _SERVER, _REFUSED, _FINE = 429, 500, 400, (200, 201)
_NOTHING_LEFT = frozenset({Fault.CONNECT, Fault.ADDRESS})
_MAX_ID = 64


@dataclass(frozen=True)
class Handed:
    """What became of one text, and its id at the service."""

    result: Result
    provider_id: str | None = None


class SmsService:
    """The service of the settings."""

    def __init__(self, settings: Sms, agent: str) -> None:
        self._settings = settings
        self._client = HttpClient(settings.url, agent)

    def send(self, to: str, text: str) -> Handed:
        """Hand over one text, once.

        Without an answer nobody knows whether it left, and the service knows no repeats: then it is given up.
        """
        account = self._settings.account
        proof = b64encode(f"{account}:{self._settings.token.get_secret_value()}".encode()).decode()
        try:
            answer = self._client.post_form(
                f"/2010-04-01/Accounts/{account}/Messages.json",
                {"To": to, "From": self._settings.sender, "Body": text},
                Budget(BUDGET_S),
                headers={"Authorization": f"Basic {proof}"},
            )
        except FetchError as error:
            if error.fault in _NOTHING_LEFT:
                return Handed(Result(Outcome.RETRY, f"sms_{error.fault}"))
            return Handed(Result(Outcome.DEAD, "answer_lost"))
        return _judged(answer)


def _judged(answer: Answer) -> Handed:
    code = answer.status
    if code in _FINE:
        return Handed(Result(Outcome.SENT, "sent", code), _id_of(answer))
    is_for_now = code == _BUSY or code >= _SERVER
    return Handed(Result(Outcome.RETRY if is_for_now else Outcome.DEAD, f"sms_{code}", code))


def _id_of(answer: Answer) -> str | None:
    try:
        found = answer.json()["sid"]
    except (FetchError, KeyError, TypeError):
        return None
    return found if isinstance(found, str) and found.isascii() and found.isalnum() and len(found) <= _MAX_ID else None
