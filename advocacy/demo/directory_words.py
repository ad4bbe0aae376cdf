"""What the demo coalition knows of people in office."""

from __future__ import annotations

from advocacy.legislators.rules import Facts

COUNCILOR = Facts(
    full_name="Marisol Quintanilla-Byrd",
    title="Council member",
    body="Riverbend City Council",
    district="Ward 2",
    party="Nonpartisan",
    phone="202-555-0160",
    fax="202-555-0161",
    email="ward2@riverbend.example",
    contact_form="https://example.org/write-to/ward-2",
    address="1 City Hall Square, Riverbend",
    hours="Tuesday and Thursday, 1 to 5",
)
BEFORE = ("Member of the school board", "Riverbend Schools", "At large")
STAFF = (
    ("Ansel Okoro", "scheduler", "Meetings", "ansel.okoro@example.org", "202-555-0162"),
    ("Winifred Sung", "policy", "Health and budget", "winifred.sung@example.org", ""),
)
"""Name, role, topics, mail address, phone."""
NOTE = "Ask the scheduler first. Name the bill in the first line. They do not open attachments."
STALE_NOTE = "They asked for letters on paper before the session. Ask whether that still holds."
OFFICE = ("Millbrook", "22 Station Road, Millbrook", "202-555-0163", "Monday to Wednesday, 9 to 4")
