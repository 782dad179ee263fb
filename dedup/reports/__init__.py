"""Read what runs wrote into the data of the report page."""
