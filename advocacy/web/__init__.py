"""HTTP helpers for views: access, CSRF classes, headers, forms, limits, page cache, the manifest.

Tables: ``throttle`` (counts per key and window).
Never: knows a room above it; whatever differs by room comes in through a manifest.
"""
