"""Who said what to whom, who owns the conversation, and what is to be sent."""
