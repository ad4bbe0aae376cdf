"""The time zone of each place's capitol: where its hearings are held, for sources that give only an instant. Facts."""

from __future__ import annotations

_BY_ZONE = {
    "America/New_York": "CT DE FL GA IN KY MA MD ME MI NC NH NJ NY OH PA RI SC VA VT WV DC US",
    "America/Chicago": "AL AR IA IL KS LA MN MO MS ND NE OK SD TN TX WI",
    "America/Denver": "CO ID MT NM UT WY",
    "America/Phoenix": "AZ",
    "America/Los_Angeles": "CA NV OR WA",
    "America/Juneau": "AK",
    "Pacific/Honolulu": "HI",
    "America/Puerto_Rico": "PR VI",
    "Pacific/Pago_Pago": "AS",
    "Pacific/Guam": "GU MP",
}
ZONES = {code: zone for zone, codes in _BY_ZONE.items() for code in codes.split()}


def zone_of(code: str) -> str | None:
    """The zone of a state's capitol, or of Congress (``us``)."""
    return ZONES.get(code.upper())
