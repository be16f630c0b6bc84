"""How well a model understands, in figures."""
