"""Cases in the console: the list over all channels, a case, and what is done with it."""
