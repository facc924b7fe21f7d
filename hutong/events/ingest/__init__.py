"""The hot lane: Segment-style calls, one writer, many commands a transaction, the reply after the commit."""
