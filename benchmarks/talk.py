"""What citizens say in the benchmark of the engine, and the connections over which they say it.

A conversation is 30 turns: reports told to the end, questions, small talk, digressions, unclear words. No two of the 32 say the
same at the same time.
"""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

TALKS = (
    ("สวัสดีค่ะ", "ไฟถนนดับหน้าวัดทอง ซอย 3", "ใช่ค่ะ", "ไม่มีรูปค่ะ", "081-234-5678", "ยืนยันค่ะ", "ขอบคุณค่ะ"),
    ("ขอเบี้ยผู้สูงอายุต้องทำยังไง", "บัตรประชาชนหายทำยังไง", "เทศบาลเปิดกี่โมงคะ", "ลาก่อนค่ะ"),
    ("ถนนเป็นหลุมใหญ่มาก", "/affirm", "ขอบคุณค่ะ", "หน้าเซเว่นปากซอย 3", "/skip", "/refuse_consent", "/affirm"),
    ("คุณเป็นบอทหรือคน", "ช่วยอะไรได้บ้าง", "ฟหกด", "สวัสดีค่ะ"),
    ('/report_problem{"category":"garbage"}', "ขยะไม่มาเก็บ 3 วันแล้ว", "เทศบาลเปิดกี่โมงคะ", "ซอยสุขใจ 5", "ยกเลิกค่ะ"),
    ("เรื่องที่แจ้งไปถึงไหนแล้วคะ", "อยากชมเจ้าหน้าที่ค่ะ", "บริการดีมากค่ะ", "น้ำท่วมซอยสุขใจ 5", "/affirm", "ไม่รู้ค่ะ", "/cancel"),
)
SMALL_TALK = ("สวัสดีค่ะ", "ขอบคุณค่ะ", "คุณเป็นบอทหรือคน", "ช่วยอะไรได้บ้าง")  # none of them takes a custom action
CYCLE = ("สวัสดีค่ะ", "ไฟถนนดับหน้าวัดทอง ซอย 3", "ขอเบี้ยผู้สูงอายุต้องทำยังไง", "ยกเลิกค่ะ", "เทศบาลเปิดกี่โมงคะ")

Asked = Callable[
    [str, int, str, dict[str, str]], tuple[str, dict[str, Any]]
]  # conversation, number, words, citizen -> path, body


def turns(number: int, count: int) -> list[str]:
    """What the numbered citizen says. Each has a lane of their own: who reports a place first is a matter of chance."""
    said: list[str] = []
    while len(said) < count:
        said += TALKS[(number + len(said)) % len(TALKS)]
    return [words.replace("ซอย 3", f"ซอย {number + 1}").replace("สุขใจ 5", f"สุขใจ {number + 1}") for words in said[:count]]


@dataclass
class Heard:
    """The answers by conversation, the seconds of each, and how long it took in all."""

    answers: dict[str, list[Any]] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    took: float = 0.0

    @property
    def per_second(self) -> float:
        """Messages a second."""
        return len(self.seconds) / self.took

    def at(self, share: float) -> float:
        """A percentile in milliseconds."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


class Line:
    """One connection that stays open."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        content = json.dumps(body).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        writer.write(head.encode() + content)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = next(int(one[15:]) for one in answer.lower().split(b"\r\n") if one.startswith(b"content-length:"))
        said = await reader.readexactly(length)
        if answer.split(None, 2)[1] != b"200":
            raise RuntimeError(f"{path}: {answer.splitlines()[0]!r} {said[:300]!r}")
        return json.loads(said)

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()


async def converse(port: int, ask: Asked, citizens: list[dict[str, str]], count: int) -> Heard:
    """All citizens at once, each waiting for an answer before the next words."""
    heard = Heard()

    async def one(number: int, citizen: dict[str, str]) -> None:
        line = Line(port)
        answers = heard.answers[citizen["conversation_id"]] = []
        for place, said in enumerate(turns(number, count)):
            path, body = ask(citizen["conversation_id"], place, said, citizen)
            began = time.perf_counter()
            answers.append(await line.post(path, body))
            heard.seconds.append(time.perf_counter() - began)
        line.close()

    began = time.perf_counter()
    await asyncio.gather(*(one(number, citizen) for number, citizen in enumerate(citizens)))
    heard.took = time.perf_counter() - began
    return heard


async def flood(port: int, ask: Asked, citizens: list[dict[str, str]], seconds: float) -> float:
    """Messages a second while all citizens chat for so long; nothing that they say takes a custom action."""
    count = 0
    end = 0.0

    async def one(number: int, citizen: dict[str, str], line: Line) -> None:
        nonlocal count
        place = number + 1
        while time.perf_counter() < end:
            await line.post(*ask(citizen["conversation_id"], place, SMALL_TALK[place % len(SMALL_TALK)], citizen))
            count += 1
            place += 1

    lines = [Line(port) for _ in citizens]
    for citizen, line in zip(citizens, lines, strict=True):  # the session begins, with a custom action, before the count does
        await line.post(*ask(citizen["conversation_id"], -1, SMALL_TALK[0], citizen))
    began = time.perf_counter()
    end = began + seconds
    await asyncio.gather(*(one(n, citizen, line) for n, (citizen, line) in enumerate(zip(citizens, lines, strict=True))))
    for line in lines:
        line.close()
    return count / (time.perf_counter() - began)


def cycle() -> Iterator[str]:
    """The same five things over and over: the 300th is the 5th."""
    while True:
        yield from CYCLE
