"""The menu's fields, its picture and what they send."""

import io

import yaml
from PIL import Image

from channels.line import richmenu
from channels.request import BARE_INTENT
from core.settings import ROOT


def test_the_menus_fields_cover_its_picture_and_send_what_the_assistant_knows() -> None:
    areas = richmenu.request()["areas"]
    assert sum(area["bounds"]["width"] * area["bounds"]["height"] for area in areas) == richmenu.WIDTH * richmenu.HEIGHT
    intents = {str(name) for line in yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))["intents"] for name in line}
    pressed = [area["action"]["data"] for area in areas if area["action"]["type"] == "postback"]
    assert len(pressed) == 5
    assert all(BARE_INTENT.fullmatch(payload) and payload[1:] in intents for payload in pressed)
    picture = richmenu.picture()
    assert len(picture) < 1_000_000
    assert Image.open(io.BytesIO(picture)).size == (richmenu.WIDTH, richmenu.HEIGHT)
