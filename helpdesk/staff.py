"""Staff: the people who work in the console, and what each may do there."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from core import clock, ids
from core.database import Base


class Staff(Base):
    """One member of staff. ``roles`` are names of `Role`; a locked member keeps their name on what they did."""

    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: ids.new_id("stf"))
    login: Mapped[str] = mapped_column(unique=True)  # lower case, like "curator@demo"
    name: Mapped[str]  # as colleagues see it
    password: Mapped[str]  # its argon2id hash
    roles: Mapped[list[Any]]
    locked_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)  # of password, roles or lock: older sessions end
