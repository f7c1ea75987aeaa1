"""What the package finds in simulated schools whose truth is known: `make studies` writes the pages in docs/ anew."""
