"""The words of the demo's ladder, and who is on it."""

from __future__ import annotations

NAME = "Welcome, step by step"
WELCOME = (
    "Good that you are here, {name}",
    (
        "Thank you for asking us to write to you.\n\nWe write seldom, and only when something moves. In a few "
        "days we tell you what helps most right now."
    ),
)
SIGN = (
    "One small thing that helps",
    (
        "Hello {name},\n\nthe county decides this spring whether the warm line stays open at night. Your name under "
        "the petition takes a minute, and every name is counted."
    ),
)
MEET = (
    "Come and listen",
    "Hello {name},\n\nhearings are open to everybody. You need not speak. Being in the room helps those who do.",
)
PEOPLE = [
    ("Amara Lindqvist", "amara.lindqvist"),
    ("Benedikt Osei", "benedikt.osei"),
    ("Carmen Halloway", "carmen.halloway"),
    ("Dov Marchetti", "dov.marchetti"),
    ("Elif Sorensen", "elif.sorensen"),
    ("Felix Okonjo", "felix.okonjo"),
    ("Greta Villanueva", "greta.villanueva"),
]
