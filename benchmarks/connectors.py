"""Rasa as it is, run in the engine's environment; only the platforms' addresses are others: ``PLATFORM`` takes the calls.

Neither connector can be told another address: Telegram's is a default argument of its library, Messenger's an attribute.
Our cards, which Rasa's connectors do not know, leave as their text. One fault of Rasa 3.6.21 is mended, or there would be
nothing to measure: its Telegram connector registers the webhook in an event loop that is closed by the time the first message
comes, keeps that loop's HTTP client, and answers 500 for ever.
"""

import os
import sys

import fbmessenger
from aiogram.bot.api import TELEGRAM_PRODUCTION
from rasa.__main__ import main
from rasa.core.channels.channel import OutputChannel
from rasa.core.channels.facebook import MessengerBot
from rasa.core.channels.telegram import TelegramInput, TelegramOutput

PLATFORM = os.environ["PLATFORM"]
object.__setattr__(TELEGRAM_PRODUCTION, "base", PLATFORM + "/bot{token}/{method}")

_begin = fbmessenger.MessengerClient.__init__


def _elsewhere(client: fbmessenger.MessengerClient, *args: object, **kwargs: object) -> None:
    _begin(client, *args, **kwargs)
    client.graph_url = PLATFORM + "/v2.11"


fbmessenger.MessengerClient.__init__ = _elsewhere

_registered = TelegramInput.get_output_channel


def _with_new_client(channel: TelegramInput) -> TelegramOutput:
    output = _registered(channel)
    output._session = None
    return output


TelegramInput.get_output_channel = _with_new_client


async def _as_text(output: OutputChannel, recipient_id: str, json_message: dict, **_: object) -> None:
    await output.send_text_message(recipient_id, json_message.get("text") or json_message.get("title") or "-")


TelegramOutput.send_custom_json = MessengerBot.send_custom_json = _as_text

if __name__ == "__main__":
    sys.argv[0] = "rasa"
    main()
