"""Pages of words with their markup."""

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from channels.telegram.markup import Block, pages
from channels.text import utf16_len

WORDS = st.text(alphabet="กขที่้ำเแ💡<&>\"' \nab", max_size=300)
BLOCKS = st.lists(st.builds(Block, WORDS, WORDS | st.just(""), st.sampled_from(["\n", "\n\n"])), max_size=6)


def plain(page: str) -> str:
    return html.unescape(re.sub(r"</?b>", "", page))


def letters(text: str) -> str:
    return "".join(text.split())


@given(BLOCKS, st.integers(60, 500))
def test_every_page_fits_and_nothing_but_blanks_is_lost(blocks: list[Block], limit: int) -> None:
    made = pages(blocks, limit)
    assert all(page.strip() and utf16_len(page) <= limit for page in made)
    assert letters("".join(plain(page) for page in made)) == letters("".join(block.heading + block.text for block in blocks))


@given(BLOCKS, st.integers(60, 500))
def test_no_tag_is_left_open_and_nothing_else_looks_like_one(blocks: list[Block], limit: int) -> None:
    for page in pages(blocks, limit):
        rest = re.sub(r"<b>[^<>]*</b>", "", page)
        assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", rest)


def test_headings_are_bold_and_stay_with_their_words() -> None:
    blocks = [Block("", "บัตรหาย"), Block("แจ้งได้ทุกเขต", gap="\n\n"), Block(": <ไม่มี>", "เอกสาร")]
    assert pages(blocks, 4096) == ["<b>บัตรหาย</b>\n\nแจ้งได้ทุกเขต\n<b>เอกสาร</b>: &lt;ไม่มี&gt;"]


def test_a_long_text_begins_below_its_title() -> None:
    first, *rest = pages([Block("", "ประกาศ"), Block("ก " * 5000, gap="\n\n")], 4096)
    assert first.startswith("<b>ประกาศ</b>\n\nก ก")
    assert len(rest) == 2


def test_a_block_that_would_only_begin_on_a_page_begins_on_the_next() -> None:
    made = pages([Block("ก" * 3900), Block("ข" * 300, "หมายเหตุ ")], 4096)
    assert made == ["ก" * 3900, f"<b>หมายเหตุ </b>{'ข' * 300}"]
