"""The client library: it logs nothing of citizens, and only the process that sends loads it."""

import logging
import subprocess
import sys

from channels.telegram.channel import TelegramChannel
from tests.contract.telegram.samples import HELLO, TOKEN, account, envelope, refusal
from tests.platforms import Platform


async def test_no_line_of_any_log_holds_the_token_or_what_was_said(telegram_platform: Platform) -> None:
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    root, keep = logging.getLogger(), Keep()
    before = root.level
    root.addHandler(keep)
    root.setLevel(logging.DEBUG)
    try:
        channel = TelegramChannel("main", account(telegram_platform.url), limit=2000)
        await channel.send([envelope(HELLO)])
        telegram_platform.script(method="sendMessage", answers=[refusal(500, "Internal Server Error")])
        await channel.send([envelope(HELLO)])
        await channel.fetch({"kind": "image", "id": "f1"})
        await channel.close()
    finally:
        root.removeHandler(keep)
        root.setLevel(before)
    assert not [line for line in lines if TOKEN in line or "สวัสดี" in line]
    assert not logging.getLogger("httpx").isEnabledFor(logging.ERROR)


def test_the_web_process_does_not_load_the_client() -> None:
    code = "import sys, channels.telegram.channel as c; sys.exit('telegram' in sys.modules or 'httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
