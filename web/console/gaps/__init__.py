"""The console's inbox of questions that citizens found no answer to."""
