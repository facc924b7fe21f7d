"""The shapes of segments, tags, bulk edits and the life cycle at HTTP."""
