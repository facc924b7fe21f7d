"""A segment's people against everybody: who both are, what is counted of them, whether a difference is more than chance, how it is said."""
