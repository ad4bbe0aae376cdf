"""Civic: which divisions a place lies in, and who sits for them, from packs held here.

For: every room that must know whom a visitor may write to. No request leaves the house.
Tables: civic_pack, division, boundary, postal_division, official, office_term, district_code.
Doors: ``services.lookup`` (find, place_postal, officials_for, division_name, states), ``services.importing`` (packs in,
swap, rollback), ``services.demo_pack`` (a made-up state), ``queries`` (directory); commands ``civic import``,
``civic lookup``, ``civic rollback``.
Never: guesses a district, keeps or logs an address or a point, holds a home address of a legislator.
"""
