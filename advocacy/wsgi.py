"""The WSGI entry for servers: ``advocacy.wsgi:app``."""

from __future__ import annotations

from advocacy.app import create_app
from advocacy.core import processes
from advocacy.core.settings import load

processes.end_with_parent()
app = create_app(load())
