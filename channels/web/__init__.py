"""The web channel: the widget's socket frames in, live events out."""
