"""The widget in a real browser: talking, losing the network, coming back."""

import re
from collections.abc import Callable
from typing import Any

from playwright.async_api import expect

from tests.browser.chat import Chat
from tests.browser.conftest import PHONE
from tests.unit.web.town import Town

Visitor = Callable[..., Any]


async def test_it_says_first_that_it_is_a_machine(chat: Chat) -> None:
    await expect(chat.panel.get_by_text("ระบบตอบกลับอัตโนมัติของเทศบาลเมืองธาราใส ไม่ใช่เจ้าหน้าที่")).to_be_visible()
    await expect(chat.panel.get_by_role("heading", name="ผู้ช่วยอัตโนมัติ")).to_be_visible()


async def test_a_question_and_its_answer(chat: Chat) -> None:
    await chat.say("สวัสดีค่ะ")
    await chat.sees("รับทราบค่ะ: สวัสดีค่ะ")
    await expect(chat.panel.locator(".citizen .state")).to_have_text(re.compile(r"\d\d\.\d\d น\. · ส่งแล้ว"))
    await expect(chat.panel.locator(".day")).to_have_text(re.compile(r"วันนี้ \d+ \S+ 25\d\d"))
    await expect(chat.field).to_be_focused()
    assert await chat.field.input_value() == ""


async def test_a_new_line_is_no_message(chat: Chat) -> None:
    await chat.field.type("บรรทัดแรก")
    low = (await chat.field.bounding_box())["height"]
    for _ in range(3):
        await chat.field.press("Shift+Enter")
    await chat.field.type("บรรทัดสุดท้าย")
    assert (await chat.field.bounding_box())["height"] > low
    assert await chat.bubbles() == []
    await chat.field.press("Enter")
    await chat.sees("รับทราบค่ะ: บรรทัดแรก")


async def test_a_choice_is_sent_and_only_the_newest_question_has_choices(town: Town, chat: Chat) -> None:
    await chat.say("ขอดูตัวเลือก")
    await chat.choice("ส่งเรื่อง").click()
    await chat.sees("รับทราบค่ะ: /affirm")
    assert [asked["payload"] for asked in town.engine.asked] == [None, "/affirm"]
    await expect(chat.choice("แก้ไข")).to_have_count(0)
    await expect(chat.field).to_be_focused()
    await chat.say("ขอดูตัวเลือก")
    await expect(chat.choice("แก้ไข")).to_have_count(1)


async def test_a_card_and_its_link(chat: Chat) -> None:
    await chat.say("บัตรประชาชนหาย")
    card = await chat.sees("ทำบัตรประชาชนใบใหม่")
    await expect(card.get_by_role("heading", name="ทำบัตรประชาชนใบใหม่เมื่อบัตรหาย")).to_be_visible()
    await expect(card.get_by_text("15 นาที")).to_be_visible()
    link = card.get_by_role("link", name=re.compile("ดูเว็บไซต์"))
    assert await link.get_attribute("target") == "_blank"
    assert "noopener" in (await link.get_attribute("rel"))


async def test_cards_side_by_side(chat: Chat) -> None:
    await chat.say("หลายเรื่อง")
    await chat.sees("หมายถึงเรื่องไหนคะ")
    await expect(chat.panel.get_by_role("listitem")).to_have_count(3)
    row = chat.panel.locator(".carousel")
    assert await row.evaluate("node => node.scrollWidth > node.clientWidth")
    await row.focus()


async def test_what_is_written_stays_text(chat: Chat) -> None:
    await chat.page.evaluate("() => { window.alert = () => { window.harmed = true } }")
    await chat.say("<img src=x onerror=alert(9)>")
    await chat.say("ข้อความอันตราย")
    bubble = await chat.sees("<script>alert(1)</script>")
    await expect(bubble.get_by_role("link")).to_have_attribute("href", "https://example.go.th/a?b=1")
    await expect(chat.panel.get_by_text("ลิงก์ร้าย")).to_have_count(0)
    assert await chat.page.evaluate("window.harmed") is None
    assert await chat.panel.locator(".messages img, .messages script").count() == 0


async def test_somebody_writes(town: Town, chat: Chat) -> None:
    town.engine.wait = 1.5
    await chat.say("ช้า ๆ")
    await expect(chat.panel.get_by_text("กำลังพิมพ์…")).to_be_attached()
    await chat.sees("รับทราบค่ะ: ช้า ๆ")
    await expect(chat.panel.get_by_text("กำลังพิมพ์…")).to_have_count(0)


async def test_a_reload_keeps_the_conversation(town: Town, chat: Chat) -> None:
    await chat.say("สวัสดี")
    await chat.sees("รับทราบค่ะ")
    before = await chat.bubbles()
    await chat.page.reload()
    await chat.open()
    await chat.sees("รับทราบค่ะ")
    assert await chat.bubbles() == before


async def test_what_is_not_answered_is_there_after_a_reload(town: Town, chat: Chat) -> None:
    await town.rest()
    await chat.say("ยังไม่ตอบ")
    await expect(chat.panel.locator(".citizen .state")).to_contain_text("ส่งแล้ว")
    await chat.page.reload()
    await chat.open()
    await chat.sees("ยังไม่ตอบ")
    town.work()
    await chat.sees("รับทราบค่ะ: ยังไม่ตอบ")
    assert len(await chat.bubbles()) == 2


async def test_a_lost_network_loses_no_message(town: Town, chat: Chat) -> None:
    await chat.say("ก่อน")
    await chat.sees("รับทราบค่ะ: ก่อน")
    await town.stop_web()
    await chat.say("ระหว่าง 1")
    await chat.say("ระหว่าง 2")
    await expect(chat.panel.locator(".citizen .state").last).to_contain_text("กำลังส่ง")
    await expect(chat.panel.get_by_text("ขาดการเชื่อมต่อ")).to_be_visible()
    await town.start_web()
    await chat.sees("รับทราบค่ะ: ระหว่าง 2")
    assert [asked["text"] for asked in town.engine.asked] == ["ก่อน", "ระหว่าง 1", "ระหว่าง 2"]
    await expect(chat.panel.get_by_text("ขาดการเชื่อมต่อ")).to_be_hidden()


async def test_unsent_messages_survive_the_closing_of_the_page(town: Town, chat: Chat) -> None:
    await chat.say("ก่อน")
    await chat.sees("รับทราบค่ะ: ก่อน")
    await town.stop_web()
    await chat.say("ยังไม่ได้ส่ง")
    await town.start_web()
    await chat.page.goto("/cases")
    await chat.open()
    await chat.sees("รับทราบค่ะ: ยังไม่ได้ส่ง")
    assert [asked["text"] for asked in town.engine.asked] == ["ก่อน", "ยังไม่ได้ส่ง"]


async def test_ten_thousand_letters_are_not_lost(town: Town, chat: Chat) -> None:
    await chat.field.fill("ก" * 10_000)
    await expect(chat.panel.get_by_text("ข้อความยาว 10,000 ตัวอักษร เกินที่ส่งได้ 4,000 ตัวอักษร")).to_be_visible()
    await chat.field.press("Enter")
    await chat.send.click(force=True)
    assert len(await chat.field.input_value()) == 10_000
    assert await chat.bubbles() == []
    await chat.field.fill("ก" * 4000)
    await chat.field.press("Enter")
    await chat.sees("รับทราบค่ะ")
    assert len(town.engine.asked[0]["text"]) == 4000


async def test_a_fast_writer_is_slowed_down_and_keeps_everything(town: Town, visitor: Visitor) -> None:
    await town.stop_web()
    await town.start_web(citizen_rate="2/second")
    chat = Chat(await visitor("/"))
    await chat.open()
    for number in range(5):
        await chat.say(f"ข้อ {number}")
    await expect(chat.panel.get_by_text("ส่งข้อความถี่เกินไป")).to_be_visible()
    await expect(chat.panel.locator(".bubble", has_text="รับทราบค่ะ: ข้อ 4")).to_be_visible(timeout=20_000)
    assert [asked["text"] for asked in town.engine.asked] == [f"ข้อ {number}" for number in range(5)]


async def test_the_newest_message_stays_in_sight(chat: Chat) -> None:
    distance = "node => node.scrollHeight - node.scrollTop - node.clientHeight"
    log = chat.panel.locator(".log")
    for number in range(6):
        await chat.say(f"ข้อ {number}")
        await chat.sees(f"รับทราบค่ะ: ข้อ {number}")
    await chat.field.fill("บรรทัด\n" * 8)
    await chat.page.wait_for_timeout(300)
    assert await log.evaluate(distance) < 2
    await chat.say("ยาว")
    long = await chat.sees("ข้อความยาวที่มีรายละเอียด")
    await chat.page.wait_for_timeout(300)
    assert (await long.bounding_box())["y"] >= (await log.bounding_box())["y"]  # its beginning, not its end


async def test_two_tabs_show_the_same(chat: Chat) -> None:
    other = Chat(await chat.page.context.new_page())
    await other.page.goto("/")
    await other.open()
    await chat.say("จากแท็บแรก")
    await other.sees("รับทราบค่ะ: จากแท็บแรก")
    await other.say("จากแท็บสอง")
    await chat.sees("รับทราบค่ะ: จากแท็บสอง")
    assert await chat.bubbles() == await other.bubbles()


async def test_news_are_counted_while_the_panel_is_closed(town: Town, chat: Chat) -> None:
    town.engine.wait = 1
    await chat.say("ขอเวลาหน่อย")
    await expect(chat.panel.locator(".citizen .state")).to_contain_text("ส่งแล้ว")
    await chat.page.keyboard.press("Escape")
    await expect(chat.launcher).to_be_focused()
    await expect(chat.page.get_by_role("button", name="1 ข้อความใหม่")).to_be_visible()
    await chat.launcher.click()
    await chat.page.keyboard.press("Escape")
    await expect(chat.page.get_by_text("1 ข้อความใหม่")).to_have_count(0)


async def test_sharing_a_position_is_asked_first(town: Town, visitor: Visitor) -> None:
    place = {"latitude": 13.7563, "longitude": 100.5018}
    chat = Chat(await visitor("/", permissions=["geolocation"], geolocation=place))
    await chat.open()
    await chat.say("อยู่ที่ไหน")
    await chat.choice("ส่งตำแหน่งปัจจุบัน").click()
    await expect(chat.panel.get_by_text("ใช้เพื่อหาจุดที่คุณแจ้งเท่านั้น")).to_be_visible()
    await expect(chat.choice("ส่งตำแหน่ง")).to_be_focused()
    await chat.choice("ไม่ส่ง").click()
    assert len(town.engine.asked) == 1
    await chat.choice("ส่งตำแหน่งปัจจุบัน").click()
    await chat.choice("ส่งตำแหน่ง").click()
    await chat.sees("13.75630, 100.50180")
    await chat.sees("provide_location")


async def test_a_device_that_does_not_tell_where_it_is(chat: Chat) -> None:
    await chat.say("อยู่ที่ไหน")
    await chat.choice("ส่งตำแหน่งปัจจุบัน").click()
    await chat.choice("ส่งตำแหน่ง").click()
    await expect(chat.panel.get_by_text("พิมพ์ชื่อถนน ซอย หรือจุดสังเกตแทนได้ค่ะ")).to_be_visible()
    await chat.choice("รับทราบ").click()
    await expect(chat.field).to_be_focused()


async def test_everything_by_keyboard(chat: Chat) -> None:
    keyboard = chat.page.keyboard
    await keyboard.press("Escape")
    await keyboard.press("Enter")
    await expect(chat.field).to_be_focused()
    await keyboard.type("ขอดูตัวเลือก")
    await keyboard.press("Enter")
    await expect(chat.choice("ส่งเรื่อง")).to_be_visible()
    for _ in range(12):
        await keyboard.press("Shift+Tab")
        if await chat.choice("ส่งเรื่อง").evaluate("node => node.getRootNode().activeElement === node"):
            break
    await keyboard.press("Enter")
    await chat.sees("รับทราบค่ะ: /affirm")


async def test_on_a_phone_it_fills_the_screen_and_keeps_the_focus(visitor: Visitor) -> None:
    chat = Chat(await visitor("/", viewport=PHONE, has_touch=True, is_mobile=True))
    await chat.open()
    box = await chat.panel.bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 360, 740)
    await expect(chat.panel.get_by_role("heading", name="ผู้ช่วยอัตโนมัติ")).to_be_focused()
    for _ in range(15):
        await chat.page.keyboard.press("Tab")
        assert await chat.page.evaluate("document.activeElement.localName") == "pracha-chat"
    await chat.say("ยาว")
    await chat.sees("ข้อความยาวที่มีรายละเอียด")
    assert await chat.page.evaluate("document.documentElement.scrollWidth") <= 360


async def test_english(visitor: Visitor) -> None:
    page = await visitor("/en/")
    await page.get_by_role("button", name="Ask or report").click()
    await expect(page.get_by_text("I am the automatic assistant of Thara Sai Town Municipality")).to_be_visible()
    await page.get_by_label("Write a message").fill("hello")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog").locator(".citizen .state")).to_have_text(re.compile(r"\d\d:\d\d · Sent"))


async def test_a_button_of_the_page_asks_in_the_chat(visitor: Visitor) -> None:
    page = await visitor("/")
    await page.get_by_role("button", name="ไฟถนน").click()
    await Chat(page).sees("รับทราบค่ะ: แจ้งปัญหา ไฟส่องสว่างสาธารณะ")


async def test_messages_come_while_valkey_is_dead(town: Town, chat: Chat) -> None:
    await chat.say("ก่อน")
    await chat.sees("รับทราบค่ะ: ก่อน")
    town.bundled.kill()
    await chat.say("ระหว่าง")
    await expect(chat.panel.locator(".bubble", has_text="รับทราบค่ะ: ระหว่าง")).to_be_visible(timeout=15_000)
    await town.bundled.start()
