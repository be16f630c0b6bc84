"""The console's list of utterances that the assistant was unsure of."""
