"""Read and write the files that runs leave on disk."""
