"""Read the text of files with markup, and what they say about it: HTML, XML and Markdown."""
