"""From a message to the rules whose keywords it holds: folding, the compiled matcher, and what is kept of it."""
