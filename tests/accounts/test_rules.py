"""N-02: which passwords are accepted."""

from __future__ import annotations

import unicodedata

import pytest

from advocacy.accounts.rules import (
    agent_words,
    canonical_email,
    common_passwords,
    normal_password,
    passkey_site,
    password_problem,
)

CONTEXT = ["Advocacy", "rosalind.okafor@example.org", "Rosalind Okafor"]


@pytest.mark.parametrize(
    "password",
    [
        "violet harbor stone lantern",
        "all lower case is fine here",
        "ALL UPPER CASE IS FINE HERE",
        "onewordwithoutspaces",
        "947120385561904",
        "ñandú café über straße",
        "密码短语需要很长才能真正安全可靠吧",
        "🦉🌿🪨🏮🦉🍂🌊🪵🐚🦋🌾🕯️🧭🪁🌻",
        "  spaces at both ends  ",
        "tabs\tand\tmore tabs here",
        "x7" + "lorem ipsum dolor " * 11,
        "q" + "ab-12_cd.34" * 18 + "z",
        "the monkey wrote a long letter",
        "e\u0301t\u00e9 sur la montagne",
    ],
)
def test_n02_long_passwords_of_any_kind_are_accepted(app, password):
    assert password_problem(password, CONTEXT) is None


@pytest.mark.parametrize(
    "password,part",
    [
        ("", "at least 15"),
        ("fourteen chars", "at least 15"),
        ("Tr0ub4dor&3", "at least 15"),
        ("passwordpassword", "tried first"),
        ("PasswordPassword1", "tried first"),
        ("123456789012345", "tried first"),
        ("1234567890qwerty", "tried first"),
        ("aaaaaaaaaaaaaaaaaa", "tried first"),
        ("abcabcabcabcabcabc", "tried first"),
        ("abcdefghijklmnopqrst", "tried first"),
        ("correcthorsebatterystaple", "tried first"),
        ("dragon!!!!!!!!!!2024", "tried first"),
        ("superman!baseball", "tried first"),
        ("my advocacy site key", "advocacy"),
        ("ADVOCACY is the place", "advocacy"),
        ("okafor lives uphill now", "okafor"),
        ("rosalind likes lemons", "rosalind"),
        ("x" * 501, "at most 500"),
    ],
)
def test_n02_short_common_and_personal_passwords_are_refused_with_the_reason(app, password, part):
    assert part in password_problem(password, CONTEXT)


def test_n02_every_common_password_is_refused_also_with_a_second_factor(app):
    assert len(common_passwords()) >= 3000
    assert not [word for word in common_passwords() if password_problem(word, has_second_factor=True) is None]


def test_n02_with_a_second_factor_eight_characters_suffice(app):
    assert password_problem("plum7oak", has_second_factor=True) is None
    assert password_problem("plum7oa", has_second_factor=True) is not None


def test_n02_nothing_is_cut_and_both_forms_of_an_accent_are_one_password():
    long = "a b" * 66
    assert normal_password(long + "x") != normal_password(long + "y")
    assert normal_password("caf\u00e9 du nord lyon") == normal_password(
        unicodedata.normalize("NFD", "caf\u00e9 du nord lyon")
    )


def test_canonical_email_folds_case_and_form_and_keeps_the_tag():
    assert canonical_email(" Ana+Desk@Example.ORG ") == "ana+desk@example.org"


@pytest.mark.parametrize(
    "user_agent, words",
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18 Safari/604",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        ("curl/8", ""),
        ("", ""),
        ("<b>" * 5000, ""),
    ],
)
def test_browser_is_named_in_two_words_that_come_from_our_own_list(user_agent, words):
    assert agent_words(user_agent) == words


@pytest.mark.parametrize(
    "base_url, found",
    [
        ("http://localhost:8000", ("localhost", "http://localhost:8000")),
        ("https://example.org", ("example.org", "https://example.org")),
        ("http://127.0.0.1:8000", None),
        ("http://[::1]:8000", None),
    ],
)
def test_passkeys_are_for_sites_with_a_name(base_url, found):
    assert passkey_site(base_url) == found
