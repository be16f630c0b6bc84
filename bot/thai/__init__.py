"""Graph components that read Thai: words, intents, categories, places, numbers and dates."""
