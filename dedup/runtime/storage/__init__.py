"""Files in object stores: addresses, errors, file systems and readers."""
