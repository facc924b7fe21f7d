"""The long work of segments, done by jobs: counting in full, writing files."""
