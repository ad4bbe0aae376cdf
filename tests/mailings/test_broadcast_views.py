"""The desk's pages of mailings."""

from __future__ import annotations

from html import unescape

import pytest

from advocacy.core import uow
from advocacy.mailings.broadcast_models import BroadcastState
from advocacy.messaging.queries import demo_mails
from tests.factories.accounts import csrf_token, sign_in
from tests.factories.coalitions import make_coalition, make_member
from tests.factories.mailings import make_broadcast, plan, row
from tests.factories.supporters import make_supporter
from tests.support.queries import count_queries
from tests.support.work import run_due

GIVEN = {
    "subject": "Hearing on Tuesday",
    "body": "Dear {first_name},\n\ncome to the **hearing**. <script>alert(1)</script>",
    "name_fallback": "neighbor",
    "purpose": "campaign_news",
    "locale": "en",
}


@pytest.fixture
def coalition_id(app):
    return make_coalition(tz="America/New_York")


@pytest.fixture
def organizer(client, coalition_id):
    sign_in(client, make_member(coalition_id, "organizer", email="org@example.org", name="Rosalind Okafor"))
    return client


def post(client, path, **data):
    return client.post(f"/desk/mailings{path}", data={**data, "csrf_token": csrf_token(client)})


def page(client, path):
    answer = client.get(f"/desk/mailings{path}")
    assert answer.status_code == 200
    return unescape(answer.get_data(as_text=True))


def test_a_mailing_is_written_looked_at_tested_and_planned(app, organizer, coalition_id):
    make_supporter(coalition_id, "Ana Ruiz", "ana.ruiz@example.org")
    assert "No mailings yet" in page(organizer, "")
    answer = post(organizer, "", **GIVEN)
    assert answer.status_code == 303
    path = "/" + answer.headers["Location"].split("/desk/mailings/")[1].split("/")[0]
    looks = organizer.get(f"/desk/mailings{path}/preview").get_data(as_text=True)
    assert "<strong>hearing</strong>" in looks
    assert "Dear Rosalind" in looks
    assert "<script>alert" not in looks
    assert "We are counting" in page(organizer, path)
    assert post(organizer, path + "/schedule", moment="now", version="1").status_code == 422
    run_due(app)
    standing = page(organizer, path)
    assert "One person, as of the last count" in standing
    assert "a…@e….org" in standing
    assert "ana.ruiz" not in standing
    assert "Ruiz" not in standing
    post(organizer, path + "/test", to="self")
    run_due(app)
    for wrong in (
        {"moment": "later"},
        {"moment": "later", "day": "2099-01-01"},
        {"moment": "later", "day": "soon"},
        {},
    ):
        assert post(organizer, path + "/schedule", **wrong, at="09:00", version="1").status_code == 422
    assert post(organizer, path + "/schedule", moment="now", version="1").status_code == 303
    assert row(path[1:]).state == BroadcastState.SCHEDULED
    assert "Take it back" in page(organizer, path)
    assert post(organizer, path + "/unschedule").status_code == 303
    assert row(path[1:]).state == BroadcastState.DRAFT
    assert "Hearing on Tuesday" in page(organizer, "")
    assert "Hearing on Tuesday" in page(organizer, path + "/print")


@pytest.mark.settings(mail={"transport": "mailbox"})
def test_a_test_reaches_oneself_and_the_test_list(app, organizer, coalition_id):
    make_member(coalition_id, "volunteer", email="other@example.org", name="Ola Berg")
    public_id = make_broadcast(coalition_id)
    form = page(organizer, f"/{public_id}/preview")
    assert "Ola Berg" in form
    value = form.split("Ola Berg")[0].rsplit('name="readers" value="', 1)[1].split('"')[0]
    assert post(organizer, f"/{public_id}/readers", readers=[value, "nobody"]).status_code == 404
    assert post(organizer, f"/{public_id}/readers", readers=[value]).status_code == 303
    post(organizer, f"/{public_id}/test", to="list")
    run_due(app)

    from_mailbox = _mails("other@example.org"), _mails("org@example.org")
    assert [len(mails) for mails in from_mailbox] == [1, 1]
    (mail,) = from_mailbox[0]
    assert mail.subject == "[Test] Good news"
    assert "Dear Ola," in mail.text


def test_what_is_wrong_is_said_at_its_field(organizer):
    answer = post(organizer, "", **{**GIVEN, "body": "Hello {nobody}"})
    text = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert "{nobody} stands for nothing" in text
    assert 'href="#body"' in text
    for wrong in ({"states": "Oregon"}, {"districts": "OR"}, {"purpose": "peer"}, {"signed": "999"}, {"petition": "x"}):
        assert post(organizer, "", **{**GIVEN, **wrong}).status_code == 422, wrong


@pytest.mark.settings(mailings={"approval_from": 1})
def test_a_reviewer_approves_what_an_organizer_wrote(app, organizer, coalition_id):
    make_supporter(coalition_id)
    post(organizer, "", **GIVEN)
    run_due(app)
    public_id = next(
        part.split('"')[0] for part in page(organizer, "").split("/desk/mailings/") if len(part.split('"')[0]) == 22
    )
    post(organizer, f"/{public_id}/schedule", moment="now", version="1")
    assert post(organizer, f"/{public_id}/approve", rev="1").status_code == 403
    reviewer = app.test_client()
    sign_in(reviewer, make_member(coalition_id, "reviewer"))
    assert "Approve it" in page(reviewer, f"/{public_id}")
    assert post(reviewer, f"/{public_id}/pause").status_code == 403
    assert post(reviewer, f"/{public_id}/approve", rev="7").status_code == 409
    assert post(reviewer, f"/{public_id}/approve", rev="1").status_code == 303
    assert row(public_id).state == BroadcastState.SCHEDULED


def test_a_list_takes_as_many_queries_for_thirty_as_for_one(app, organizer, coalition_id):
    make_supporter(coalition_id)
    plan(coalition_id, make_broadcast(coalition_id))
    with count_queries() as one:
        page(organizer, "")
    for _number in range(8):
        make_broadcast(coalition_id)
    with count_queries() as many:
        page(organizer, "")
    assert one.count == many.count


def _mails(email):
    with uow.reading():
        return list(demo_mails(email).rows)
