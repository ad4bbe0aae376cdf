"""Petitions: written by a coalition, signed without an account, confirmed by mail, counted, closed in time.

Tables: ``petition``, ``signature``, ``signature_delta``, ``petition_tally``, ``petition_day_tally``,
``petition_place_tally``, ``signature_street``, ``email_domain_rule``, ``partner_page``, ``delivery``,
``delivery_manifest``, ``delivery_item``, ``partner_deletion``.
Doors: ``/petitions…``, ``/petitions/<slug>/with/<partner>…``, ``/desk/petitions…``, ``/desk/partner-pages…``,
``/signatures/confirm|manage/<token>``, ``advocacy petition …``, jobs ``petitions.tally`` and
``petitions.build_delivery``, signals ``petition_opened``, ``petition_closed``, ``signature_confirmed``,
``signature_withdrawn``.
Never: counts confirmed rows in a request, mails text that a signer typed, tells a visitor whether an address has
signed, shows a partner anybody who did not tick its box, guesses the district of a split postal code, keeps a
street longer than it takes to look it up, and then only sealed.
"""
