"""Rasa as it is, run in the engine's environment; only the platforms' addresses are others: ``PLATFORM`` takes the calls.

Neither connector can be told another address: Telegram's is a default argument of its library, Messenger's an attribute.
"""

import os
import sys

import fbmessenger
from aiogram.bot.api import TELEGRAM_PRODUCTION
from rasa.__main__ import main

PLATFORM = os.environ["PLATFORM"]
object.__setattr__(TELEGRAM_PRODUCTION, "base", PLATFORM + "/bot{token}/{method}")

_begin = fbmessenger.MessengerClient.__init__


def _elsewhere(client: fbmessenger.MessengerClient, *args: object, **kwargs: object) -> None:
    _begin(client, *args, **kwargs)
    client.graph_url = PLATFORM + "/v2.11"


fbmessenger.MessengerClient.__init__ = _elsewhere

if __name__ == "__main__":
    sys.argv[0] = "rasa"
    main()
