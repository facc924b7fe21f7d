"""Lists of members and of orders: read from tables, matched with who is known, checked, added, and taken out again."""
