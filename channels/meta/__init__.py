"""Messenger and Instagram: webhooks of Meta's Graph API in, the Send API out."""
