"""Background work: rows in the same transaction as the fact that caused them, run later, each settled once.

Tables: ``job`` (what is to be done), ``job_run`` (how periodic work went), ``schedule_mark`` (when it was last asked
for), ``scheduler_lease`` (who ticks).
Doors: ``port`` (enqueue, cancel, ``INSERT_JOB``), ``queries``, every manifest's jobs and periodic entries, the command
``advocacy queue``.
Never: knows what a job is about, keeps personal data in arguments or errors, holds a transaction while a job is
outside.
"""
