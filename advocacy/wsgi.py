"""The WSGI entry for servers: ``advocacy.wsgi:app``."""

from __future__ import annotations

import threading

from advocacy.app import create_app
from advocacy.civic.services import postal
from advocacy.core import processes
from advocacy.core.settings import load
from advocacy.web import headers

processes.end_with_parent()
app = headers.with_neutral_server(create_app(load()))
# Beside the first requests: the start does not wait for it, and the first look-up finds it done.
threading.Thread(target=postal.warm, name="warm-postal", daemon=True).start()
