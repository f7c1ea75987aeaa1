"""What pictures are made of: the page, words, lanes, curves, the timeline."""
