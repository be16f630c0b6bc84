"""The web channel's socket, uploads and media."""
