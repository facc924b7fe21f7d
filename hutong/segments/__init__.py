"""Who belongs to what: the condition language, segments, tags, life cycle."""
