"""Mail to many: broadcasts that somebody writes and sends, and ladders that send by themselves.

Tables: ``broadcast``, ``broadcast_test_reader``; ``ladder``, ``ladder_version``, ``ladder_step``, ``enrollment``,
``step_run``.
Doors: ``audiences`` (who a rule means, always by their opt-in), ``merging`` (the fixed table of fields),
``/desk/mailings``, ``/desk/mailings/ladders``.
Never: writes to somebody without their leave for the purpose; shows who is in an audience; looks into care, peer
support or grievances; counts opened mails or follows clicks.
"""
