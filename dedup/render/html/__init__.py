"""Pages: one HTML file each that needs nothing else and runs nothing but its own script."""
