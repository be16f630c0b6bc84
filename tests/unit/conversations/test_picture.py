import io

import pytest
from PIL import Image

from conversations.picture import EDGE, NoPicture, clean

GPS, ORIENTATION = 0x8825, 0x0112


def photo(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **save: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA" if kind in {"PNG", "WEBP"} else "RGB", size, "teal").save(out, kind, **save)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_pictures_become_a_jpeg(kind: str) -> None:
    made = clean(photo(kind))
    with Image.open(io.BytesIO(made.data)) as image:
        assert (image.format, image.size, made.width, made.height) == ("JPEG", (60, 40), 60, 40)


def test_where_it_was_taken_is_forgotten_and_it_stands_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # turned by a quarter
    exif[0x010F] = "CameraMaker"
    exif.get_ifd(GPS)[2] = (13.0, 45.0, 22.0)
    made = clean(photo(exif=exif, comment=b"secret"))
    with Image.open(io.BytesIO(made.data)) as image:
        assert image.size == (40, 60)
        assert not dict(image.getexif())
    assert b"CameraMaker" not in made.data
    assert b"secret" not in made.data


def test_a_large_picture_is_made_small() -> None:
    made = clean(photo(size=(5000, 2500)))
    assert (made.width, made.height) == (EDGE, EDGE // 2)


def test_a_second_file_behind_the_picture_is_gone() -> None:
    assert b"<script>" not in clean(photo() + b"<script>alert(1)</script>").data


def test_a_moving_gif_gives_its_first_picture() -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    with Image.open(io.BytesIO(clean(out.getvalue()).data)) as image:
        red, _green, blue = image.getpixel((4, 4))
    assert red > blue


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "unknown"),
        (b"%PDF-1.7 not a picture", "unknown"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "unknown"),
        (b"GIF89a", "broken"),
        (photo()[:200], "broken"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 400, "broken"),
    ],
)
def test_what_is_no_picture(data: bytes, code: str) -> None:
    with pytest.raises(NoPicture) as no:
        clean(data)
    assert no.value.code == code


@pytest.mark.parametrize("size", [(14_000, 14_000), (8_000, 8_000)])
def test_a_picture_that_only_fills_memory(size: tuple[int, int]) -> None:
    out = io.BytesIO()
    Image.new("1", size).save(out, "PNG")
    assert len(out.getvalue()) < 200_000
    with pytest.raises(NoPicture) as no:
        clean(out.getvalue())
    assert no.value.code == "too_many_pixels"
