from __future__ import annotations

from advocacy.audit import services as audit
from advocacy.core import uow
from advocacy.core.actor import Actor
from tests.factories.accounts import make_user, sign_in
from tests.factories.coalitions import make_coalition, make_member
from tests.support.queries import count_queries


def test_desk_without_sign_in_asks_for_it(client):
    answer = client.get("/desk")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in?next=/desk"


def test_desk_of_a_new_coalition_teaches(app, client):
    sign_in(client, make_member(make_coalition(), "organizer", name="Rosalind Okafor"))
    page = client.get("/desk").text
    for heading in ("Due soon", "Waiting for you", "Moved since yesterday", "Rosalind Okafor"):
        assert heading in page


def record(count: int, coalition_id: int | None, action: str = "petition.open", user_id: int | None = None) -> None:
    with uow.unit():
        for number in range(count):
            audit.record(
                Actor(user_id=user_id, coalition_id=coalition_id), action, "petition", number, facts={"state": action}
            )


def test_record_shows_own_coalition_only_with_names(app, client):
    ours, theirs = make_coalition(), make_coalition()
    admin = make_member(ours, "admin", name="Rosalind Okafor")
    record(2, ours, "petition.open", user_id=admin)
    record(2, theirs, "petition.theirs")
    page = sign_in(client, admin).get("/desk/audit").text
    assert "petition: open" in page
    assert "Rosalind Okafor" in page
    assert "petition: theirs" not in page


def test_record_for_the_platform_shows_all(app, client):
    record(1, make_coalition(), "petition.one")
    record(1, make_coalition(), "petition.two")
    page = sign_in(client, make_user(platform_admin=True)).get("/desk/audit").text
    assert "petition: one" in page
    assert "petition: two" in page


def test_record_for_an_organizer_is_closed(app, client):
    assert sign_in(client, make_member(make_coalition(), "organizer")).get("/desk/audit").status_code == 403


def test_record_filtered_and_paged_by_key(app, client):
    ours = make_coalition()
    sign_in(client, make_member(ours, "admin"))
    record(60, ours, "a.first")
    record(5, ours, "b.second")
    page = client.get("/desk/audit?action=b.second").text
    assert page.count('<th scope="row">b: second') == 5
    assert "a: first</th>" not in page
    first = client.get("/desk/audit?action=a.first").text
    assert first.count('<th scope="row">') == 50
    rest = client.get(
        first.split('href="/desk/audit?')[-1].split('"')[0].replace("&amp;", "&").join(("/desk/audit?", ""))
    ).text
    assert rest.count('<th scope="row">a: first') == 10
    assert client.get("/desk/audit?action=<script>").status_code == 200


def test_record_of_50_lines_makes_as_many_queries_as_of_one(app, client):
    """R-19's cousin for lists: a page costs the same for 1 and for 30 rows."""
    ours = make_coalition()
    admin = make_member(ours, "admin")
    sign_in(client, admin)
    record(1, ours, user_id=admin)
    client.get("/desk/audit")
    with count_queries() as few:
        client.get("/desk/audit")
    for _ in range(30):
        record(1, ours, user_id=make_user())
    with count_queries() as many:
        client.get("/desk/audit")
    assert many.count == few.count
