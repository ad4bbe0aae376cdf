"""Settings: read from file and environment, wrong ones named in one line (R-38)."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

import pytest

from advocacy.core.errors import SettingsError
from advocacy.core.settings import Settings, load
from tests.support.source import ROOT


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch, tmp_path: Path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ADVOCACY_CONFIG", raising=False)


def test_load_with_nothing_given_uses_defaults():
    assert load().model_dump() == Settings().model_dump()


def test_load_of_the_example_gives_the_defaults(monkeypatch):
    monkeypatch.setenv("ADVOCACY_CONFIG", str(ROOT / "config.example.toml"))
    assert load().model_dump() == Settings().model_dump()


def test_environment_goes_before_the_file(monkeypatch, tmp_path):
    (tmp_path / "config.toml").write_text('[server]\nport = 8001\nname = "Ours"\n')
    monkeypatch.setenv("ADVOCACY__SERVER__PORT", "8002")
    found = load()
    assert (found.server.port, found.server.name) == (8002, "Ours")


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("ADVOCACY__SERVER__PROT", "ADVOCACY__SERVER__PROT"),
        ("ADVOCACY__SERVR__PORT", "ADVOCACY__SERVR__PORT"),
        ("ADVOCACY__SERVER", "ADVOCACY__SERVER"),
        ("ADVOCACY__SERVER__PORT__X", "ADVOCACY__SERVER__PORT__X"),
    ],
)
def test_unknown_key_of_the_environment_is_named(monkeypatch, name, named):
    monkeypatch.setenv(name, "1")
    with pytest.raises(SettingsError, match=named):
        load()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[server]\nprot = 1\n", "server.prot: unknown key"),
        ("[servr]\nport = 1\n", "servr: unknown key"),
        ("[server]\nport = 70000\n", "server.port"),
        ('[server]\nport = "x"\n', "server.port"),
        ('[server]\nbase_url = "example.org"\n', "server.base_url"),
        ('[server]\nbase_url = "https://example.org/path"\n', "server.base_url"),
        ('[server]\ntrusted_proxies = ["10.0.0.0/99"]\n', "server.trusted_proxies"),
        ("[limits]\nsign_network = -1\n", "limits.sign_network"),
        ('[mail]\ntransport = "pigeon"\n', "mail.transport"),
        ('[civic]\ncensus_url = "http://example.org"\n', "civic.census_url"),
        ('[civic]\nopenstates_url = "example.org"\n', "civic.openstates_url"),
        ('[civic]\nmapit_url = "https://me:secret@example.org"\n', "civic.mapit_url"),
        ('[civic]\ncicero_key = "x"\n', "civic.cicero_key: unknown key"),
        ("[server\n", "config.toml"),
    ],
)
def test_wrong_file_is_one_line_that_names_the_key(tmp_path, text, named):
    (tmp_path / "config.toml").write_text(text)
    with pytest.raises(SettingsError) as caught:
        load()
    assert named in caught.value.message
    assert "\n" not in caught.value.message


def test_config_named_but_missing_is_refused(monkeypatch):
    monkeypatch.setenv("ADVOCACY_CONFIG", "nowhere.toml")
    with pytest.raises(SettingsError, match=r"nowhere\.toml"):
        load()


def test_trusted_proxies_come_from_a_list_in_the_environment(monkeypatch):
    monkeypatch.setenv("ADVOCACY__SERVER__TRUSTED_PROXIES", "10.0.0.0/8, 192.168.1.1")
    assert load().server.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("192.168.1.1/32"))


def test_password_is_not_shown():
    """O-01: neither repr nor dump tells it."""
    found = load(mail={"password": "correct horse"})
    assert "correct horse" not in repr(found) + str(found) + str(found.model_dump())


def test_settings_cannot_be_changed():
    with pytest.raises(ValueError, match="frozen"):
        load().server.port = 1


@pytest.mark.parametrize("name", ["OPENSTATES", "CONGRESS_GOV", "MAPIT", "GOOGLE", "LEGISCAN"])
def test_o01_keys_of_sources_are_read_from_the_environment_and_never_shown(monkeypatch, name):
    monkeypatch.setenv(f"ADVOCACY__CIVIC__{name}_KEY", "canary-secret")
    found = load()
    assert getattr(found.civic, f"{name.lower()}_key").get_secret_value() == "canary-secret"
    assert "canary-secret" not in repr(found)


@pytest.mark.parametrize("given", ["http://127.0.0.1:8801/", "https://mirror.example.org/census", ""])
def test_addresses_of_sources_may_be_a_mirror_a_test_server_or_nothing(monkeypatch, given):
    monkeypatch.setenv("ADVOCACY__CIVIC__CENSUS_URL", given)
    monkeypatch.setenv("ADVOCACY__CIVIC__OPENSTATES_URL", given)
    assert load().civic.census_url == load().civic.openstates_url == given.rstrip("/")
