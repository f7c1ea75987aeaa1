"""From texts to values, and from names to ids: what is the same whatever the format."""
