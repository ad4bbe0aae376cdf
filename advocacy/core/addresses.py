"""Which addresses of the net are public: what this house may call on somebody's word."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_TRANSLATED = (
    ip_network("64:ff9b::/96"),
    ip_network("64:ff9b:1::/48"),
    ip_network("2002::/16"),
    ip_network("2001::/32"),
)
"""NAT64, 6to4 and Teredo stand for an IPv4 address that would be reached instead: never needed, so never called."""


def is_public(text: str) -> bool:
    """Whether an address is neither private nor kept for a special purpose."""
    try:
        found: IPv4Address | IPv6Address = ip_address(text)
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        if any(found in network for network in _TRANSLATED):
            return False
        found = found.ipv4_mapped or found
    return found.is_global and not found.is_multicast and not found.is_reserved


def is_loopback(text: str) -> bool:
    """Whether an address is this machine."""
    try:
        return ip_address(text).is_loopback
    except ValueError:
        return False
