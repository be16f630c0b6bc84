"""The dialogue engine: its Thai components and the process that serves them."""
