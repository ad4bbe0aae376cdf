"""A believable coalition to look around in, made through the services of the rooms below.

Tables: none. Doors: ``advocacy demo``. It never writes into a database that holds a coalition, never makes the same
password twice, and never runs unless somebody starts it.
"""
