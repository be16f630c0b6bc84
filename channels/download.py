"""A citizen's file while it comes: never more of it in memory than we take."""

from collections.abc import AsyncIterable

from channels.contract import MediaGone


async def gathered(pieces: AsyncIterable[bytes], limit: int) -> bytes:
    """All pieces in one, at most ``limit`` bytes; what comes after those is not read.

    Raises:
        MediaGone: there are more (``too_large``).
    """
    data = bytearray()
    async for piece in pieces:
        data += piece
        if len(data) > limit:
            raise MediaGone("too_large")
    return bytes(data)
