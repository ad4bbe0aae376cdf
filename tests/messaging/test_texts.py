"""Texts: agreed to with proof, sent once, stopped at once, and never where nobody wants them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from advocacy.app import create_app
from advocacy.core import clock, crypto, uow
from advocacy.core.db import db
from advocacy.core.errors import SettingsError
from advocacy.messaging import text_rules
from advocacy.messaging.services import agreeing, texting
from advocacy.messaging.text_models import TextMessage, TextNumber, TextStop
from advocacy.messaging.text_rules import Word
from advocacy.web.manifest import House, Manifest
from advocacy.web.offers import TextFacts, TextKind
from tests.factories.accounts import csrf_token, make_user, sign_in
from tests.support import databases, stand_in
from tests.support.stand_in import StandIn
from tests.support.work import run_due

TOKEN, ACCOUNT, NUMBER = "t" * 32, "AC1234", "+15551234567"
PATH = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
type_move = Callable[[float], None]


class Service:
    """The service of a test, and what the room above says."""

    def __init__(self, api: StandIn) -> None:
        self.api, self.words = api, "you have a reminder."
        api.answer = lambda path, given: (201, {"sid": "SM1"})

    def compose(self, facts: TextFacts) -> str | None:
        return self.words or None

    def bodies(self) -> list[str]:
        return [given["Body"][0] for path, given in self.api.asked if path == PATH]


@pytest.fixture
def service() -> Iterator[Service]:
    with stand_in.serve() as api:
        yield Service(api)


@pytest.fixture
def app(database_url: str, service: Service) -> Iterator[Flask]:
    """The app with texts switched on."""
    crypto.data_keys.clear()
    sms = {"url": service.api.base_url, "account": ACCOUNT, "token": TOKEN, "sender": "+15550000000"}
    made = create_app(databases.make_settings(database_url, sms=sms, server={"name": "Fair Rent"}))
    room = Manifest(name="room", texts=[TextKind("room.text", service.compose)])
    made.extensions["advocacy.house"] = House((*made.extensions["advocacy.house"].manifests, room))
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


def rows() -> list[TextMessage]:
    with uow.reading():
        found = list(db.session.scalars(select(TextMessage).order_by(TextMessage.id)))
        db.session.expunge_all()
    return found


def states() -> list[tuple[str, str | None]]:
    return [(str(row.state), row.last_reason) for row in rows()]


def agree(app: Flask, client: FlaskClient, service: Service) -> int:
    """An account that proved its number; forgets what was sent for that."""
    user_id = make_user()
    sign_in(client, user_id)
    token = csrf_token(client)
    assert client.post("/account/texts", data={"csrf_token": token, "number": "+1 (555) 123-4567"}).status_code == 303
    run_due(app)
    code = re.findall(r"\d{6}", service.bodies()[-1])[0]
    answer = client.post("/account/texts/code", data={"csrf_token": token, "code": code})
    assert answer.status_code == 303
    service.api.asked.clear()
    return user_id


def queue(user_id: int, key: str = "one") -> bool:
    with uow.unit():
        return texting.queue_text(kind="room.text", user_id=user_id, coalition_id=None, params={}, locale="en", key=key)


def say(client: FlaskClient, body: str, **wrong: str) -> tuple[int, str]:
    """What the service posts when a reader answers."""
    form = {"AccountSid": ACCOUNT, "From": NUMBER, "Body": body, "MessageSid": "SM9"}
    listed = {name: [value] for name, value in form.items()}
    proof = text_rules.signature("http://localhost:8000/sms/inbound", listed, TOKEN)
    answer = client.post("/sms/inbound", data=form | wrong, headers={"X-Twilio-Signature": wrong.get("proof", proof)})
    return answer.status_code, answer.text


def test_number_is_proved_by_a_code_and_kept_with_what_was_agreed(
    app: Flask, client: FlaskClient, service: Service, move_clock: type_move
) -> None:
    user_id = make_user()
    sign_in(client, user_id)
    token = csrf_token(client)
    assert "/account/texts" in client.get("/account/notifications").text
    assert "You get no texts" in client.get("/account/texts").text
    assert client.post("/account/texts", data={"csrf_token": token, "number": "555 1234"}).status_code == 422
    assert client.post("/account/texts", data={"csrf_token": token, "number": NUMBER}).status_code == 303
    assert not queue(user_id)  # a number is nobody's before its code came back
    run_due(app)
    assert service.api.headers[0]["authorization"].startswith("Basic ")
    path, given = service.api.asked[0]
    assert (path, given["To"], given["From"]) == (PATH, [NUMBER], ["+15550000000"])
    code = re.findall(r"\d{6}", given["Body"][0])[0]
    wrong = "000000" if code != "000000" else "111111"
    assert client.post("/account/texts/code", data={"csrf_token": token, "code": wrong}).status_code == 422
    assert client.post("/account/texts/code", data={"csrf_token": token, "code": code}).status_code == 303
    assert NUMBER in client.get("/account/texts").text
    with uow.reading():
        row = db.session.scalars(select(TextNumber)).one()
        assert NUMBER.encode() not in bytes(row.number)
        assert row.confirmed_at is not None
        assert "STOP" in row.wording
        assert agreeing.export(user_id)["number"] == NUMBER
    assert queue(user_id)
    assert client.post("/account/texts/off", data={"csrf_token": token}).status_code == 303
    run_due(app)
    assert (len(service.api.asked), rows(), queue(user_id, "two")) == (1, [], False)


def test_code_is_good_for_ten_minutes_and_five_tries(
    app: Flask, client: FlaskClient, service: Service, move_clock: type_move
) -> None:
    sign_in(client, make_user())
    token = csrf_token(client)
    client.post("/account/texts", data={"csrf_token": token, "number": NUMBER})
    move_clock(700)
    run_due(app)
    assert states() == [("suppressed", "no_longer_matters")]
    with uow.reading():
        code = agreeing.code_of(db.session.scalars(select(TextNumber.code_id)).one() or "")
    answers = [
        client.post("/account/texts/code", data={"csrf_token": token, "code": code}).status_code for _ in range(6)
    ]
    assert answers == [422] * 5 + [429]
    asked = [client.post("/account/texts", data={"csrf_token": token, "number": NUMBER}).status_code for _ in range(5)]
    assert asked == [303] * 4 + [429]


@pytest.mark.both_databases
def test_text_is_sent_once_after_too_many_at_once(
    app: Flask, client: FlaskClient, service: Service, move_clock: type_move
) -> None:
    user_id = agree(app, client, service)
    assert (queue(user_id), queue(user_id)) == (True, False)
    service.api.mode = "minute"
    run_due(app)
    assert states()[-1] == ("failed", "sms_429")
    service.api.mode = "ok"
    move_clock(60)
    with uow.unit():
        assert texting.is_text_waiting()
        texting.hand_to_queue()
    run_due(app)
    assert states()[-1] == ("sent", "sent")
    assert (rows()[-1].provider_id, rows()[-1].attempts) == ("SM1", 2)
    assert service.bodies()[-1] == "Fair Rent: you have a reminder."
    assert len(service.api.asked) == 2
    with uow.unit():
        assert texting.purge(clock.now(), 10) == 2


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("key", ("dead", "sms_401")), ("reset", ("dead", "answer_lost")), ("server", ("failed", "sms_500"))],
)
def test_what_the_service_answers_decides(
    app: Flask, client: FlaskClient, service: Service, mode: str, expected: tuple[str, str]
) -> None:
    user_id = agree(app, client, service)
    queue(user_id)
    service.api.mode = mode
    run_due(app)
    assert states()[-1] == expected
    assert len(service.api.asked) == 1


def test_r36_whoever_lost_a_text_cannot_settle_it_and_nobody_sends_it_again(
    app: Flask, client: FlaskClient, service: Service, move_clock: type_move
) -> None:
    queue(agree(app, client, service))
    args = {"text": rows()[-1].public_id}
    with uow.unit():
        claimed = texting.prepare(args)
        assert claimed is not None
    attempt = texting.perform(claimed)
    with uow.unit():
        assert texting.prepare(args) is None
    move_clock(60)
    with uow.unit():
        assert texting.prepare(args) is None
        texting.settle(args, attempt)
    assert states()[-1] == ("dead", "answer_lost")
    assert len(service.api.asked) == 1


@pytest.mark.both_databases
def test_stop_holds_at_once_and_start_ends_it(app: Flask, client: FlaskClient, service: Service) -> None:
    user_id = agree(app, client, service)
    queue(user_id)
    status, said = say(client, " Stop. ")
    assert (status, states()[-1]) == (200, ("suppressed", "stopped"))
    assert said.startswith("<Response><Message>Fair Rent: You will get no more texts.")
    assert say(client, "STOP")[0] == 200
    assert not queue(user_id, "two")
    run_due(app)
    assert service.api.asked == []
    with uow.unit():
        agreeing.erase(user_id)
    with uow.reading():
        assert len(db.session.scalars(select(TextStop)).all()) == 1  # it outlives the account
    token = csrf_token(client)
    assert client.post("/account/texts", data={"csrf_token": token, "number": NUMBER}).status_code == 422
    assert say(client, "start")[0] == 200
    assert client.post("/account/texts", data={"csrf_token": token, "number": NUMBER}).status_code == 303
    assert "STOP" in say(client, "help")[1]
    assert say(client, "thanks!")[1] == "<Response/>"


def test_word_from_elsewhere_is_refused(app: Flask, client: FlaskClient, service: Service) -> None:
    assert say(client, "STOP")[0] == 200
    for wrong in ({"proof": ""}, {"proof": "é"}, {"From": "+15559999999"}, {"More": "x"}, {"AccountSid": "AC9"}):
        assert say(client, "STOP", **wrong)[0] == 403, wrong
    with uow.reading():
        assert len(db.session.scalars(select(TextStop)).all()) == 1


def test_signature_is_twilios() -> None:
    params = {"CallSid": ["CA1234567890ABCDE"], "Caller": ["+14158675309"], "Digits": ["1234"]}
    params |= {"From": ["+14158675309"], "To": ["+18005551212"]}
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert text_rules.signature(url, params, "12345") == "RSOYDt4T1cUTdK1PDd93/VVr8B8="  # as in its documentation


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a" * 160, 1), ("a" * 161, 2), ("€" * 80, 1), ("€" * 81, 2), ("ж" * 70, 1), ("ж" * 71, 2), ("😀" * 36, 2)],
)
def test_segments(text: str, expected: int) -> None:
    assert text_rules.segments(text) == expected


def test_rules_of_numbers_words_and_names() -> None:
    assert text_rules.number_of("+44 20 7946 0958") == "+442079460958"
    assert [text_rules.number_of(text) for text in ("", "0155", "+0123456789", "+1555\n1234567", "+" + "1" * 16)] == [
        None
    ] * 5
    words = {"STOP": Word.STOP, "stop texting me": Word.STOP, "Opt-out": Word.STOP, "end": Word.STOP, "yes": Word.START}
    words |= {"INFO": Word.HELP, "yes please": None, "end of the day?": None, "": None}
    assert {text: text_rules.word_of(text) for text in words} == words
    assert text_rules.segments(text_rules.signed("Жильё для всех " * 6, "you have a reminder, see your mail.")) == 1


def test_half_of_the_settings_is_refused() -> None:
    with pytest.raises(SettingsError, match="sms"):
        databases.make_settings("sqlite://", sms={"url": "https://api.example.org"})
