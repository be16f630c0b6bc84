"""A citizen's picture: recognised by its content, turned upright, made small and freed of everything hidden in it."""

import io
import warnings
from dataclasses import dataclass

import filetype
from PIL import Image, ImageOps, UnidentifiedImageError

MEDIA_TYPE = "image/jpeg"  # of what `clean` gives
READABLE = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF"}
EDGE = 2048  # pixels of the longer side that are kept
MOST_PIXELS = 120_000_000  # a telephone's largest camera today; JPEG is decoded at reduced size
MOST_PIXELS_DECODED = 40_000_000  # of the kinds that have to be decoded whole: 160 MB at four bytes a pixel
QUALITY = 86


class NoPicture(ValueError):
    """What came is no picture that we take. ``code`` says why: unknown, too_many_pixels, broken."""

    def __init__(self, code: str) -> None:
        """Keep the code; who asked has the words."""
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Picture:
    """A clean JPEG, with its size in pixels."""

    data: bytes
    width: int
    height: int


def readable(data: bytes) -> bool:
    """Whether this begins like a picture of a kind that `clean` takes."""
    kind = filetype.guess(data)
    return kind is not None and kind.mime in READABLE


def clean(data: bytes) -> Picture:
    """Draw the picture anew: only what can be seen is left, no place, no camera, no second file behind the picture.

    The name and the type that the browser gave are not looked at: a PDF named ``บิล.jpg`` is a PDF. Of a moving GIF the
    first picture is kept. This takes a moment of processor time: call it in an executor.

    Raises:
        NoPicture: when it is none, or one that only exists to fill our memory.
    """
    kind = filetype.guess(data)
    wanted = READABLE.get(kind.mime) if kind is not None else None
    if wanted is None:
        raise NoPicture("unknown")
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(data), formats=[wanted]) as image:
            return _drawn_anew(image)
    except NoPicture:
        raise
    except Image.DecompressionBombError as error:
        raise NoPicture("too_many_pixels") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, IndexError, OverflowError) as error:
        raise NoPicture("broken") from error


def _drawn_anew(image: Image.Image) -> Picture:
    pixels = image.width * image.height
    shrinks = image.format == "JPEG" and not image.info.get("progressive")  # a progressive one is kept whole while decoding
    if pixels > (MOST_PIXELS if shrinks else MOST_PIXELS_DECODED):
        raise NoPicture("too_many_pixels")
    image.draft("RGB", (EDGE, EDGE))  # lets the JPEG decoder skip what would be thrown away
    image.load()
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((EDGE, EDGE), Image.Resampling.LANCZOS)
    opaque = _on_white(upright)
    out = io.BytesIO()
    opaque.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return Picture(out.getvalue(), opaque.width, opaque.height)


def _on_white(image: Image.Image) -> Image.Image:
    """Without transparency, and as a new picture that carries no metadata along."""
    layer = image.convert("RGBA")
    white = Image.new("RGB", layer.size, "white")
    white.paste(layer, mask=layer.getchannel("A"))
    return white
