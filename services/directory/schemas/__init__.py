"""What the directory answers and takes as queries."""
