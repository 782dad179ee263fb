"""Parse and recognise delimited text: records, quoting, headers."""
