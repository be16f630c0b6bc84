"""The Telegram channel: the Bot API's updates in, messages with keyboards out."""
