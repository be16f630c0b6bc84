"""Chats: citizens who wait for a person, and the talks that people have."""
