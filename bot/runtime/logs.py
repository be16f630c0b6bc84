"""One line for each log record, and never a word of a conversation."""

from __future__ import annotations

import logging
import os
import sys

_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


class _OneLine(logging.Formatter):
    """Writes a record on one line, with the kind of an exception but not its text, which may quote a citizen."""

    def format(self, record: logging.LogRecord) -> str:
        if record.exc_info:
            kind = record.exc_info[0]
            record.msg = f"{record.getMessage()} ({kind.__name__ if kind else 'error'})"
            record.args = ()
            record.exc_info = record.exc_text = None
        return super().format(record).replace("\n", " ")


def quiet_surroundings() -> None:
    """Set what the libraries read when they are imported; call it before Rasa is."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # one message is too little work for several; workers use the other processors
    os.environ.setdefault("RASA_MAX_CACHE_SIZE", "0")  # its cache does not see a changed word list or gazetteer


def configure_logs(level: int = logging.INFO) -> None:
    """Send our records from `level` up and other libraries' warnings to stderr."""
    import structlog

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_OneLine(_FORMAT))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("bot").setLevel(level)
    logging.captureWarnings(True)
    for name in ("rasa", "sanic", "sanic.root", "sanic.error", "sanic.access", "py.warnings"):
        logging.getLogger(name).setLevel(logging.ERROR)
    # Rasa's structured records carry texts and slots: none of them is kept.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
