"""The composition root: settings, features, URLs, subscribers, schedule, processes, command line."""
