"""Sign-on letters: one text that organizations sign together, and people beside them where the letter allows it.

An organization signs with somebody's written authority, a person for themselves and confirmed by mail.

Tables: ``sign_on_letter``, ``sign_on_text`` (append-only versions), ``sign_on_correction`` (typing errors that wait for
a second person), ``sign_on``, ``sign_on_manifest`` (append-only), ``sign_on_document``,
``letter_people``, ``personal_sign_on``, ``letter_people_manifest`` (append-only).
Doors: ``services`` (lettering, wording, inviting, signing, ending), ``queries``, ``signals.signon_delivered``.
Never: counts a signature under words its signer has not seen; takes a signature after the letter is frozen; lets an
organization that may not lobby sign a letter that lobbies; tells a visitor whether an address has signed; keeps a name
longer than the words of consent say.
"""
