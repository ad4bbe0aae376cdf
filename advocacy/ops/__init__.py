"""Is the house well: liveness, readiness, the doctor, the cleaning of old data, the organizer's view of the worker.

Tables: none (job runs belong to the queue).
Doors: ``/healthz``, ``/readyz``, ``/desk/operations``; commands ``doctor`` and ``ops purge``; job ``ops.purge``.
Never: shows a version, a path or a secret on a public route.
"""
