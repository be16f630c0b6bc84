"""The load: citizens of one platform who write, over a number of connections that each wait for their answer.

``python benchmarks/load.py line http://127.0.0.1:8080/webhooks/line/main --connections 50 --seconds 5`` prints one line
of JSON: {"count", "failed", "per_second", "p50", "p99", "max"}, in milliseconds from a webhook's first byte to its answer's
last. Every citizen writes five messages; every webhook is one of them, signed as its platform signs it.
"""

import argparse
import asyncio
import base64
import hmac
import json
import time
from collections.abc import Callable, Iterator
from itertools import count
from urllib.parse import urlsplit

import uvloop

LINE_SECRET, META_SECRET, TELEGRAM_SECRET = "bench-line-secret", "bench-meta-secret", "bench-telegram-secret"
PAGE, GRAM = "1001", "2002"
WORDS = (  # what every citizen writes, one after the other
    "สวัสดีค่ะ",
    "บัตรประชาชนหายต้องทำอย่างไรคะ",
    "ไฟถนนหน้าบ้านดับมาสามวันแล้วค่ะ",
    "หน้าตลาดสด ซอยเทศบาล 3",
    "ขอบคุณค่ะ",
)
PATIENCE = 120  # seconds for one answer

Webhook = tuple[bytes, dict[str, str]]


def line(number: int, citizen: int, words: str) -> Webhook:
    event = {
        "type": "message",
        "timestamp": _milliseconds(),
        "source": {"type": "user", "userId": f"U{citizen:032x}"},
        "replyToken": f"{number:032x}",
        "mode": "active",
        "webhookEventId": f"01{number:024d}",
        "deliveryContext": {"isRedelivery": False},
        "message": {"type": "text", "id": str(number), "quoteToken": "q", "text": words},
    }
    body = json.dumps({"destination": "U" + "0" * 32, "events": [event]}).encode()
    return body, {"X-Line-Signature": base64.b64encode(hmac.digest(LINE_SECRET.encode(), body, "sha256")).decode()}


def telegram(number: int, citizen: int, words: str) -> Webhook:
    person = {"id": citizen, "is_bot": False, "first_name": "ประชาชน"}
    chat = {"id": citizen, "type": "private", "first_name": "ประชาชน"}
    message = {"message_id": number, "date": int(time.time()), "chat": chat, "from": person, "text": words}
    return json.dumps({"update_id": number, "message": message}).encode(), {"X-Telegram-Bot-Api-Secret-Token": TELEGRAM_SECRET}


def meta(platform: str, page: str) -> Callable[[int, int, str], Webhook]:
    def webhook(number: int, citizen: int, words: str) -> Webhook:
        message = {"mid": f"m_{number}", "text": words}
        now = _milliseconds()
        event = {"sender": {"id": str(citizen)}, "recipient": {"id": page}, "timestamp": now, "message": message}
        body = json.dumps({"object": platform, "entry": [{"id": page, "time": now, "messaging": [event]}]}).encode()
        # Meta sends both; Rasa's connector reads the older one.
        signed = {kind: hmac.new(META_SECRET.encode(), body, kind).hexdigest() for kind in ("sha1", "sha256")}
        return body, {"X-Hub-Signature": f"sha1={signed['sha1']}", "X-Hub-Signature-256": f"sha256={signed['sha256']}"}

    return webhook


PLATFORMS = {"line": line, "telegram": telegram, "messenger": meta("page", PAGE), "instagram": meta("instagram", GRAM)}


def requests(platform: str, url: str, numbers: Iterator[int]) -> Iterator[bytes]:
    """Whole HTTP requests of one connection, each a new message."""
    address, make = urlsplit(url), PLATFORMS[platform]
    while True:
        citizen = 10_000_000 + next(numbers)
        for words in WORDS:
            body, headers = make(next(numbers), citizen, words)
            lines = [f"POST {address.path} HTTP/1.1", f"Host: {address.netloc}", "Content-Type: application/json"]
            lines += [f"Content-Length: {len(body)}", *(f"{name}: {value}" for name, value in headers.items())]
            yield ("\r\n".join(lines) + "\r\n\r\n").encode() + body


async def connection(host: str, port: int, waiting: Iterator[bytes], end: float, times: list[float], failed: list[int]) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    for request in waiting:
        if time.perf_counter() >= end:
            break
        began = time.perf_counter()
        writer.write(request)
        async with asyncio.timeout(PATIENCE):
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(int(one[15:]) for one in head.lower().split(b"\r\n") if one.startswith(b"content-length:"))
            await reader.readexactly(length)
        if head.split(None, 2)[1] == b"200":
            times.append(time.perf_counter() - began)
        else:
            failed.append(int(head.split(None, 2)[1]))
    writer.close()


async def measure(platform: str, url: str, connections: int, seconds: float) -> dict[str, float]:
    address = urlsplit(url)
    times: list[float] = []
    failed: list[int] = []
    numbers = count(time.time_ns() // 1_000_000 % 10**9 * 1000)  # never a message of an earlier run
    began = time.perf_counter()
    await asyncio.gather(
        *(
            connection(
                address.hostname or "", address.port or 80, requests(platform, url, numbers), began + seconds, times, failed
            )
            for _ in range(connections)
        )
    )
    took = time.perf_counter() - began
    times.sort()
    at = lambda share: round(times[min(len(times) - 1, int(len(times) * share))] * 1000, 3) if times else float("nan")  # noqa: E731
    return {
        "count": len(times), "failed": len(failed), "per_second": round(len(times) / took, 1),
        "p50": at(0.5), "p99": at(0.99), "max": at(1.0),
    }  # fmt: skip


def _milliseconds() -> int:
    return time.time_ns() // 1_000_000


def main() -> None:
    reader = argparse.ArgumentParser()
    reader.add_argument("platform", choices=PLATFORMS)
    reader.add_argument("url")
    reader.add_argument("--connections", type=int, default=1)
    reader.add_argument("--seconds", type=float, default=5.0)
    asked = reader.parse_args()
    print(json.dumps(uvloop.run(measure(asked.platform, asked.url, asked.connections, asked.seconds))))


if __name__ == "__main__":
    main()
