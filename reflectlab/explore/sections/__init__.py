"""The parts of a board that stand folded: each is measured and drawn when somebody opens it, and gone once closed."""
