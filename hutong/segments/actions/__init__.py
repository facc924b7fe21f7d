"""Every write of segments, tags, bulk edits and the life cycle."""
