"""The command line's answers to wrong usage: one line, status 2, no trace (interface)."""

from __future__ import annotations

import sys

import pytest

from advocacy.cli import main


def run(monkeypatch, capsys, *arguments: str) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["advocacy", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out, said.err


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["bogus"], "No such command 'bogus'"),
        (["petition", "bogus"], "No such command 'bogus'"),
        (["petition", "create"], "Missing option '--coalition'"),
        (["petition", "count"], "Missing argument 'SLUG'"),
        (["petition", "count", "beds", "--yaml"], "No such option"),
        (["petition", "create", "--goal", "0"], "0 is not in the range"),
        (["petition", "export", "beds", "--out", "/"], "is a directory"),
        (["serve", "--port", "99999"], "99999 is not in the range"),
        (["civic", "import", "boundaries", "x", "--layer", "county"], "'county' is not one of"),
    ],
)
def test_wrong_usage_is_told_in_one_line(monkeypatch, capsys, arguments, words):
    status, out, err = run(monkeypatch, capsys, *arguments)
    assert status == 2
    assert not out
    assert words in err
    assert err.startswith("advocacy")
    assert err.count("\n") == 1


def test_asking_for_help_is_no_error(monkeypatch, capsys):
    status, out, err = run(monkeypatch, capsys, "petition", "--help")
    assert (status, err) == (0, "")
    assert "recount" in out
    assert run(monkeypatch, capsys, "--version")[0] == 0


def test_wrong_settings_are_told_in_one_line(monkeypatch, capsys):
    monkeypatch.setenv("ADVOCACY__SERVER__PROT", "1")
    status, out, err = run(monkeypatch, capsys, "petition", "count", "beds", "--json")
    assert (status, out) == (2, "")
    assert err == "settings: ADVOCACY__SERVER__PROT: unknown key\n"
