"""Read the outputs of runs, and gather the data of the report page."""
