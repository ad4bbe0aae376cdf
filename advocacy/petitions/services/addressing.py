"""Which addresses are one mailbox: a form for comparing, never for sending."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

import idna
from sqlalchemy import select

from advocacy.core.db import db
from advocacy.core.errors import RuleBroken
from advocacy.petitions.models import EmailDomainRule


@dataclass(frozen=True, slots=True)
class Rule:
    """How a provider reads the part before the ``@``."""

    strip: str = ""
    tag_separator: str = "+"
    alias_of: str = ""


_LABEL = r"[a-z0-9](?:[a-z0-9]|-(?!-))*(?<!-)"
_PLAIN_DOMAIN = re.compile(rf"\A{_LABEL}(?:\.{_LABEL})+\Z", re.ASCII | re.IGNORECASE)
ELSEWHERE = Rule()
# Source: the providers' own help pages on dots, tags and sister domains.
DEFAULT_RULES: Mapping[str, Rule] = {
    "gmail.com": Rule(strip="."),
    "googlemail.com": Rule(alias_of="gmail.com"),
    "proton.me": Rule(strip="._-"),
    "protonmail.com": Rule(alias_of="proton.me"),
    "pm.me": Rule(alias_of="proton.me"),
    "me.com": Rule(alias_of="icloud.com"),
    "mac.com": Rule(alias_of="icloud.com"),
    "yandex.com": Rule(alias_of="yandex.ru"),
    "ya.ru": Rule(alias_of="yandex.ru"),
    "fastmail.fm": Rule(alias_of="fastmail.com"),
}


def stored_rules() -> dict[str, Rule]:
    """The defaults, overruled by the rows of ``email_domain_rule``."""
    rows = db.session.execute(select(EmailDomainRule)).scalars()
    return {**DEFAULT_RULES, **{row.domain: Rule(row.strip, row.tag_separator, row.alias_of) for row in rows}}


def canonical_address(address: str, rules: Mapping[str, Rule] = DEFAULT_RULES) -> str:
    """One spelling for all spellings of a mailbox: width, case, tags, dots, sister domains and IDN folded.

    Raises: RuleBroken for a domain that cannot exist.
    """
    local, _, domain = unicodedata.normalize("NFKC", address).rpartition("@")
    ascii_domain = _ascii_domain(domain)
    rule = rules.get(ascii_domain, ELSEWHERE)
    if rule.alias_of:
        ascii_domain = rule.alias_of
        rule = rules.get(ascii_domain, ELSEWHERE)
    folded = unicodedata.normalize("NFC", local.casefold())
    if rule.tag_separator and folded.find(rule.tag_separator) > 0:
        folded = folded.partition(rule.tag_separator)[0]
    stripped = "".join(char for char in folded if char not in rule.strip)
    return f"{stripped or folded}@{ascii_domain}"


def _ascii_domain(domain: str) -> str:
    if _PLAIN_DOMAIN.match(domain):  # almost all are: not worth the tables of IDN
        return domain.lower()
    try:
        return idna.encode(domain.rstrip("."), uts46=True).decode("ascii").lower()
    except idna.IDNAError:
        raise RuleBroken(field="email") from None
