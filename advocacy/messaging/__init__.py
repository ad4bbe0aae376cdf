"""Mail: composed when it is sent, permitted by those who know, handed over once.

Tables: ``mail`` (every mail as a row with its states), ``mail_lot`` (mail to many: how far it is),
``mail_pace`` (how fast it goes to a mail domain), ``mail_route`` (whether the server can be reached),
``mailbox_message`` (the demonstration's mailbox), ``contact_preference`` (quiet hours, pauses, digests, discretion),
``suppression`` (addresses that get no mail), ``mail_return`` (what came back of a mail), ``text_message`` (texts),
``text_number`` (numbers of accounts that asked for them), ``text_stop`` (numbers that said stop).

Doors: ``services.sending.queue_mail`` and, for hot paths, ``services.sending.mail_insert``; ``render.content``;
``services.bulk.queue_lot`` with ``LotKind`` and ``render.ready_body`` for mail to many;
``services.texting.queue_text`` with ``TextKind``; ``preferences.of``; ``MailKind`` and ``SendCheck`` in a room's
manifest; ``/desk/mail``; ``/demo/mailbox``; ``/account/texts``.

It never sends inside a request, never opens a network connection inside a transaction, never stores what a mail
said, and never logs an address.
"""
