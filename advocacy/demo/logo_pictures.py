"""The logos of two of the demo's organizations, drawn when the demo is built."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

from advocacy.coalitions.pictures import Picture, redrawn

_SIZE, _SHARP = (480, 160), 2
_NAVY, _AMBER, _PLUM, _ROSE = "#17456b", "#e0922f", "#6b2d5c", "#d4587f"


def harbor() -> Picture:
    """A lighthouse above waves."""
    image, pen = _sheet()
    pen.polygon([(128, 240), (148, 76), (192, 76), (212, 240)], fill=_NAVY)
    pen.rectangle((140, 40, 200, 68), fill=_AMBER)
    pen.polygon([(132, 40), (170, 8), (208, 40)], fill=_NAVY)
    pen.polygon([(212, 44), (330, 4), (330, 104), (212, 66)], fill="#f3c98a")
    for left in range(20, 320, 100):
        pen.arc((left, 244, left + 100, 304), 180, 360, fill=_NAVY, width=14)
    _words(pen, "HARBOR", "STREET CLINIC", _NAVY)
    return _finished(image)


def workers() -> Picture:
    """Three people side by side."""
    image, pen = _sheet()
    for left, colour in ((20, _ROSE), (220, _ROSE), (120, _PLUM)):
        pen.ellipse((left + 20, 60, left + 90, 130), fill=colour)
        pen.pieslice((left - 10, 145, left + 120, 345), 180, 360, fill=colour)
    _words(pen, "CARE", "WORKERS UNITED", _PLUM)
    return _finished(image)


def _sheet() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGBA", (_SIZE[0] * _SHARP, _SIZE[1] * _SHARP), (0, 0, 0, 0))
    return image, ImageDraw.Draw(image)


def _words(pen: ImageDraw.ImageDraw, first: str, second: str, colour: str) -> None:
    pen.text((372, 60), first, fill=colour, font_size=110, stroke_width=3, stroke_fill=colour)
    pen.text((376, 190), second, fill=colour, font_size=68)


def _finished(image: Image.Image) -> Picture:
    stored = io.BytesIO()
    image.save(stored, "PNG")
    return redrawn(stored.getvalue())
