"""Is the house well: liveness, readiness, the doctor, the cleaning of old data, the organizer's view of the worker.

Tables: ``operator_alarm`` (job runs belong to the queue).
Doors: ``/healthz``, ``/readyz``, ``/desk/operations``, ``/desk/scheduler``; commands ``doctor`` and ``ops
purge``; jobs ``ops.purge``, ``ops.watch``; the hooks ``upcoming`` and ``alarms``.
Never: shows a version, a path or a secret on a public route.
"""
