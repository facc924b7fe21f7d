"""The Django database engine for the embedded store: a sound SQLite and fair write turns."""
