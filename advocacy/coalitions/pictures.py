"""Pictures that people upload: looked at with suspicion, decoded, and drawn anew, so that nothing else is kept."""

from __future__ import annotations

import hashlib
import io
import threading
from dataclasses import dataclass

from flask_babel import gettext as _
from PIL import Image, ImageOps

from advocacy.coalitions.logo_models import MAX_HEIGHT, MAX_WIDTH
from advocacy.core.errors import RuleBroken

MAX_BYTES = 1024 * 1024
MAX_PIXELS = 4096 * 4096
"""A file of a few bytes can promise a picture of any size; it is asked before it is decoded."""
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
FIELD = "logo"
_HEAD = 1024
_DRAFT = (4 * MAX_WIDTH, 4 * MAX_WIDTH)
# The largest picture takes some 100 MB while it is decoded: a crowd of them must not take that each.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Picture:
    """A PNG without any word beside its pixels. Units: pixels."""

    png: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        """What its bytes are found by."""
        return hashlib.sha256(self.png).hexdigest()


def redrawn(data: bytes) -> Picture:
    """Draw an uploaded picture anew, as small as it is shown; of one that moves, its first moment.

    Needs: no open transaction, for it is slow. Raises: RuleBroken naming the field.
    """
    if not data:
        raise RuleBroken(_("This file is empty. Choose another one."), field=FIELD)
    if len(data) > MAX_BYTES:
        raise RuleBroken(_("This file is larger than one megabyte. Choose a smaller one."), field=FIELD)
    if b"<svg" in data[:_HEAD].lower():
        raise RuleBroken(
            _("SVG files can hold programs, so they are not taken. Save the logo as PNG and choose that file."),
            field=FIELD,
        )
    with _one_at_a_time:
        try:
            return _drawn(data)
        except RuleBroken:
            raise
        except Exception as error:  # hostile bytes can make a decoder fail in any way
            raise RuleBroken(
                _("This is not a whole PNG, JPEG, WebP or GIF picture. Choose another file."), field=FIELD
            ) from error


def _drawn(data: bytes) -> Picture:
    with Image.open(io.BytesIO(data), formats=FORMATS) as opened:  # reads the head alone
        if opened.width * opened.height > MAX_PIXELS:
            raise RuleBroken(_("This picture has too many points. Choose one of at most 4096 by 4096."), field=FIELD)
        opened.draft("RGB", _DRAFT)  # a large photograph is decoded at a part of its size
        opened.load()
        turned = ImageOps.exif_transpose(opened)
    plain = turned
    if turned.mode.startswith("I"):  # 16 bits of grey, which would be cut off at the 8 bits of white
        plain = turned.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")
    plain = plain.convert("RGBA" if plain.has_transparency_data else "RGB")
    plain.thumbnail((MAX_WIDTH, MAX_HEIGHT))  # never larger than it was
    made = Image.frombytes(plain.mode, plain.size, plain.tobytes())  # pixels and nothing else
    stored = io.BytesIO()
    made.save(stored, "PNG", optimize=True)
    return Picture(stored.getvalue(), made.width, made.height)
