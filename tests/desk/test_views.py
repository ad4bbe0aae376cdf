from __future__ import annotations


def test_desk_without_sign_in_asks_for_it(client):
    answer = client.get("/desk")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in?next=/desk"
