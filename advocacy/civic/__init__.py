"""Civic: which divisions a place lies in, and who sits for them.

For: every room that must know whom a visitor may write to. Answers come from packs held here; sources outside
(``adapters``) are asked for streets, bills and freshness.
Tables: civic_pack, division, boundary, postal_division, official, office_term, vacancy, civic_committee,
civic_committee_seat, civic_pin, district_code; source_state, cached_answer, division_conflict,
civic_conflict, pack_source.
Doors: ``services.lookup`` (find, place_postal, officials_for, division_name, states), ``services.street`` (locate),
``services.importing`` (packs in, swap, rollback), ``services.demo_pack`` (a made-up state), ``queries`` (directory);
``services.updating`` (packs from upstream); commands ``civic import``, ``update``, ``lookup``, ``pin``, ``rollback``.
Never: asks outside while a transaction is open, guesses a district, keeps or logs an address or a point, holds a home
address of a legislator.
"""
