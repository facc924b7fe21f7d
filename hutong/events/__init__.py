"""The event stream: catalogue, ingest, the log, subscribers, the warehouse."""
