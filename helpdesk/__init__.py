"""Cases: what citizens reported, who works on it, and what became of it."""
