"""The lean runtime: the same model and the same answers as Rasa's own, at a fraction of its cost.

Each module stands in for one part of Rasa, which it names; `tests/engine/test_equivalence.py` plays hundreds of dialogues
through both and compares every event.
"""
