"""Rules as tables: a line a rule, in CSV or XLSX, with headings in Chinese or English."""
