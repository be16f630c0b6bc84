"""The knowledge base: what the city answers, kept by its curators and found by meaning, words and letters."""
