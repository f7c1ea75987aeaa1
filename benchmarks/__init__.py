"""How quick things are. `python -m benchmarks [NAME ...]` runs all, or those named; each module has a `main()`."""
