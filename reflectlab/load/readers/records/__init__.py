"""Records, one for each thing that happened: xAPI, Caliper, Open edX."""
