"""The vidlearn command, one module a subcommand."""
