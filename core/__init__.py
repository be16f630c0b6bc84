"""What all rooms share: settings, database, Valkey, clock, ids, audit and Thai text."""
