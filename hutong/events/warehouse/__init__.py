"""The warehouse: the only package that speaks ClickHouse. Embedded it is chDB, opened by one process."""
