"""The organizer's start page: what is due, what waits for me, what moved since yesterday.

Tables: none.
Doors: ``/desk``; rooms below fill the places ``desk.due``, ``desk.waiting`` and ``desk.moved`` with panels.
Never: reads another room's rows; a card that is not offered by its owner does not exist.
"""
