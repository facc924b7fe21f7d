"""Import of real chat history: detect, preview, check, run, resume, undo."""
