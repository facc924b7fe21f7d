"""One condition language, as data: what it can say, in words, for one member now and for all members at once."""
