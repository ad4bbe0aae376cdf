"""The pages about the place itself: home, help, privacy, accessibility, and the small files that programs ask for.

Tables: none.
Doors: the pages; other rooms fill the home page through the panels ``home.actions`` and ``home.more``.
Never: looks at who reads, sets a cookie, or names a source outside this site.
"""
