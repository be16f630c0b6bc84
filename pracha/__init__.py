"""The command line, and the starting and watching of processes."""
