"""Every read of segments, tags, bulk edits and the life cycle that others need."""
