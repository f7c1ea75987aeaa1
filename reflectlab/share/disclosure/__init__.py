"""Primary and secondary suppression, and the attack that audits them."""
