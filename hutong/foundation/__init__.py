"""Words of no domain: clock, ids, errors, stores, jobs, pages."""
