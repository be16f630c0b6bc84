"""Synonyms: people's word for the curators' word, such as "พาสปอร์ต" for "หนังสือเดินทาง"."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.database import Base


class Synonym(Base):
    """One pair. Rows come from `synonyms.yml` at first; one that a curator took away stays as a row that is off."""

    __tablename__ = "synonym"

    word: Mapped[str] = mapped_column(primary_key=True)
    meaning: Mapped[str]
    on: Mapped[bool] = mapped_column("is_on", default=True)
    author: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=clock.now)
