"""The process around the model: training, serving, trackers and the HTTP channel."""
