"""Jobs that exist only in these tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from advocacy.core.jobs_spec import Job, OutsideJob, type_job


@pytest.fixture
def offer(app: Flask) -> Callable[..., None]:
    """Offer jobs to the app of this test: ``offer("t.name", run)`` or ``offer(spec)``."""

    def add(spec: type_job | str, run: Callable[[Any], None] | None = None, **options: Any) -> None:
        if isinstance(spec, str):
            assert run is not None
            spec = Job(spec, run, **options)
        assert isinstance(spec, Job | OutsideJob)
        app.extensions["advocacy.house"].jobs[spec.name] = spec

    return add
