"""The command line: commands, options, progress display and error messages."""
