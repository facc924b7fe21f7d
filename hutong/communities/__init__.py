"""Communities and their groups on channels."""
