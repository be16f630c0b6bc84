"""The table of the message model says what the code does."""

from channels import table
from core.settings import ROOT


def test_the_page_is_what_the_code_says() -> None:
    page = (ROOT / "docs" / "messages.md").read_text(encoding="utf-8")
    assert page == table.document(), "run: python -m channels.table > docs/messages.md"


def test_every_kind_and_every_content_has_a_row_and_no_cell_is_empty() -> None:
    rows = [line for line in table.document().splitlines() if line.startswith("| ")]
    assert all(cell.strip() for row in rows for cell in row.strip("| ").split(" | "))
    for kind in ("text", "image", "file", "audio", "video", "sticker", "location", "choice"):
        (row,) = [row for row in rows if row.startswith(f"| `{kind}`")]
        assert row.split(" | ")[1:4].count("–") == 0, f"{kind} does not come from LINE, Telegram or Messenger"


def test_payloads_are_described() -> None:
    flex = {"type": "flex", "contents": {"type": "bubble", "footer": {"contents": [{"action": {"type": "uri"}}] * 2}}}
    assert table.describe("line", [flex]) == "Flex bubble + buttons (2 uri)"
    assert table.describe("messenger", [{"text": "ก"}, {"text": "ข"}]) == "2 × text"
    assert table.describe("messenger", [{"text": "มีรูปไหมคะ ส่งได้เลย"}], "มีรูปไหมคะ") == "text with a hint"
    keyboard = {"keyboard": [[{"text": "ที่นี่", "request_location": True}, {"text": "ข้าม"}]]}
    assert (
        table.describe("telegram", [{"method": "sendMessage", "reply_markup": keyboard}])
        == "text + keyboard (request_location, words)"
    )
