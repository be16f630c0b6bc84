"""The Bangkok day of a moment, worked out by the database: what figures are grouped by."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

Column = InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None] | ColumnElement[Any]


class local_day(FunctionElement[str]):
    """``local_day(Case.opened_at)`` is ``'2026-11-29'`` for 28 November, 18.00 UTC: Thailand is seven hours ahead all year."""

    name = "local_day"
    type = String()
    inherit_cache = True

    def __init__(self, moment: Column) -> None:
        """``moment`` is a column of aware times."""
        super().__init__(moment)


@compiles(local_day, "sqlite")
def _sqlite(element: local_day, compiler: SQLCompiler, **how: Any) -> str:
    return f"date({compiler.process(element.clauses, **how)}, '+7 hours')"


@compiles(local_day, "postgresql")
def _postgresql(element: local_day, compiler: SQLCompiler, **how: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **how)} AT TIME ZONE 'Asia/Bangkok', 'YYYY-MM-DD')"
