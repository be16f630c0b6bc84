"""Channels: webhooks in, messages out, the same way for every platform."""
