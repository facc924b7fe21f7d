"""A mailbox: sends by SMTP (RFC 5321, 6409), reads by IMAP (RFC 3501, 2177), signs by DKIM (RFC 6376), reads bounces (RFC 3464) and complaints (RFC 5965)."""
