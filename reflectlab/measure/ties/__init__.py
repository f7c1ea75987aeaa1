"""Who worked with whom: networks of a class, pairs in time, and what chance would give."""
