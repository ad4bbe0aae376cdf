"""Uploaded pictures: hostile files are refused in words, and of the others nothing but the pixels is kept."""

from __future__ import annotations

import io
import struct
import zlib
from itertools import product

import pytest
from PIL import Image, PngImagePlugin

from advocacy.coalitions import pictures
from advocacy.coalitions.logo_models import MAX_HEIGHT, MAX_STORED, MAX_WIDTH
from advocacy.core.errors import RuleBroken
from tests.factories.logos import picture, saved

SCRIPT = b"<script>alert(document.domain)</script>"


def opened(found: pictures.Picture) -> Image.Image:
    return Image.open(io.BytesIO(found.png))


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def promising(width: int, height: int) -> bytes:
    """A PNG of a few bytes that promises a picture of any size."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


@pytest.fixture(autouse=True)
def _words(app):
    with app.test_request_context():
        yield


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_picture_of_each_kind_becomes_a_small_png(kind):
    found = pictures.redrawn(picture(size=(1600, 400), kind=kind))
    assert (found.width, found.height) == (480, 120)
    assert opened(found).format == "PNG"
    assert found.png[:8] == b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    ("size", "wanted"),
    [((20, 10), (20, 10)), ((1, 1), (1, 1)), ((960, 240), (480, 120)), ((300, 900), (80, 240)), ((4000, 4), (480, 1))],
)
def test_picture_fits_its_place_and_is_never_made_larger(size, wanted):
    found = pictures.redrawn(picture(size=size))
    assert (found.width, found.height) == wanted


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (b"", "empty"),
        (b"\0" * (pictures.MAX_BYTES + 1), "one megabyte"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT + b"</svg>", "SVG"),
        (SCRIPT, "not a whole"),
        (b"\x89PNG\r\n\x1a\n", "not a whole"),
        (b"GIF89a", "not a whole"),
        (b"%PDF-1.7\n", "not a whole"),
        (promising(4097, 4096), "too many points"),
        (promising(60_000, 60_000), "."),
        (promising(2**31 - 1, 2**31 - 1), "."),
        (promising(0, 0), "not a whole"),
        (promising(100, 100), "not a whole"),
        (picture(size=(300, 300), kind="BMP"), "not a whole"),
        (picture(size=(300, 300), kind="TIFF"), "not a whole"),
        (picture(size=(32, 32), kind="ICO"), "not a whole"),
    ],
)
def test_what_is_no_usable_picture_is_refused_in_words(bad, words):
    with pytest.raises(RuleBroken, match=words) as refused:
        pictures.redrawn(bad)
    assert refused.value.field == "logo"


@pytest.mark.parametrize(("kind", "share"), product(["PNG", "JPEG", "WEBP", "GIF"], [0.05, 0.5, 0.9]))
def test_truncated_picture_is_refused(kind, share):
    noise = Image.effect_noise((200, 200), 90).convert("RGB")
    whole = saved(noise, kind)
    with pytest.raises(RuleBroken, match="not a whole"):
        pictures.redrawn(whole[: int(len(whole) * share)])


def test_no_byte_that_is_wrong_makes_more_than_a_refusal():
    """A flipped byte anywhere in the head of each kind: a picture or a refusal, never another failure."""
    for kind in ("PNG", "JPEG", "WEBP", "GIF"):
        whole = picture("P" if kind == "GIF" else "RGB", (40, 20), 3 if kind == "GIF" else "teal", kind)
        for place in range(min(len(whole), 160)):
            broken = bytearray(whole)
            broken[place] ^= 0xFF
            try:
                found = pictures.redrawn(bytes(broken))
            except RuleBroken:
                continue
            assert found.width <= MAX_WIDTH
            assert found.height <= MAX_HEIGHT


def test_l01_a_bomb_of_words_inside_a_picture_is_refused():
    words = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"A" * 100_000_000))
    whole = picture()
    with pytest.raises(RuleBroken, match="not a whole"):
        pictures.redrawn(whole[:33] + words + whole[33:])


def test_d05_where_and_when_a_photograph_was_taken_is_not_kept():
    facts = Image.Exif()
    facts[0x010F], facts[0x0132], facts[0x9C9B] = "Zephyrine phone", "2026:11:24 10:00:00", "4711 Zephyrine Lane"
    facts.get_ifd(0x8825).update({1: "N", 2: (45.0, 31.0, 12.0), 3: "W", 4: (122.0, 40.0, 30.0)})
    given = picture(kind="JPEG", exif=facts.tobytes(), comment=b"4711 Zephyrine Lane")
    assert b"Zephyrine" in given
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "Quillandra", zip=False)
    profile = b"Quillandra's profile".ljust(128, b"\0")
    for whole in (given, picture(pnginfo=words, icc_profile=profile, exif=facts.tobytes())):
        found = pictures.redrawn(whole)
        assert opened(found).info == {}
        assert not opened(found).getexif()
        assert not any(
            trace in found.png for trace in (b"Zephyrine", b"Quillandra", b"eXIf", b"tEXt", b"iCCP", b"tIME")
        )


def test_photograph_that_lies_on_its_side_is_turned():
    facts = Image.Exif()
    facts[0x0112] = 6
    found = pictures.redrawn(picture(size=(100, 40), kind="JPEG", exif=facts.tobytes()))
    assert (found.width, found.height) == (40, 100)


def test_polyglot_loses_what_is_not_a_picture():
    """A program or an archive behind the picture's end."""
    for whole in (picture() + SCRIPT + b"PK\x03\x04", picture(kind="GIF") + SCRIPT, picture(kind="JPEG") + SCRIPT):
        assert SCRIPT not in pictures.redrawn(whole).png


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_a_picture_that_moves_the_first_moment_is_kept(kind):
    first, *more = [Image.new("RGB", (60, 30), colour) for colour in ("red", "lime", "blue")]
    found = opened(pictures.redrawn(saved(first, kind, save_all=True, append_images=more, duration=100)))
    assert getattr(found, "n_frames", 1) == 1
    red, green, blue = found.convert("RGB").getpixel((5, 5))
    assert red > 240
    assert max(green, blue) < 15


def test_colours_of_printers_come_out_as_colours_of_screens():
    found = opened(pictures.redrawn(picture("CMYK", colour=(0, 255, 255, 0), kind="JPEG")))
    assert found.mode == "RGB"
    red, green, _blue = found.getpixel((5, 5))
    assert red - green > 140


def test_sixteen_bits_of_grey_stay_grey():
    found = opened(pictures.redrawn(picture("I;16", colour=32_768)))
    assert found.getpixel((5, 5)) == (128, 128, 128)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "RGBA", "P"])
def test_every_kind_of_colour_is_drawn(mode):
    found = opened(pictures.redrawn(picture(mode, colour=None)))
    assert found.mode in {"RGB", "RGBA"}


def test_palette_with_a_clear_colour_stays_clear():
    palette = Image.new("P", (40, 40), 0)
    palette.putpalette([255, 0, 0, 0, 128, 0])
    palette.paste(1, (10, 10, 30, 30))
    found = opened(pictures.redrawn(saved(palette, "PNG", transparency=0)))
    assert found.getpixel((1, 1))[3] == 0
    assert found.getpixel((20, 20)) == (0, 128, 0, 255)


def test_the_worst_picture_of_the_size_has_room_in_its_row():
    noise = Image.merge("RGBA", [Image.effect_noise((MAX_WIDTH, MAX_HEIGHT), 200) for _ in range(4)])
    found = pictures.redrawn(saved(noise))
    assert len(found.png) < MAX_STORED
