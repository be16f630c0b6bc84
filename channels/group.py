"""Groups: the account speaks with one person at a time and says so, at most once an hour."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from conversations.content import Text
from conversations.message import Message
from core import clock

PAUSE = timedelta(hours=1)
DECLINED = Text(
    text=(
        "สวัสดีค่ะ ประชาคุยกับประชาชนทีละคน ยังตอบในกลุ่มไม่ได้ค่ะ กรุณาเพิ่มเพื่อนแล้วทักแชตส่วนตัวมาได้เลยนะคะ\n"
        "I speak with one person at a time. Please send me a private message."
    )
)


async def may_speak(session: AsyncSession, conversation_id: str) -> bool:
    """Whether the group has heard nothing from us for an hour."""
    heard = await session.scalar(
        select(Message.id)
        .where(Message.conversation_id == conversation_id, Message.author == "bot", Message.at > clock.now() - PAUSE)
        .limit(1)
    )
    return heard is None
