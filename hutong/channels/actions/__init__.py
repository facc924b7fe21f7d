"""Every write to accounts, chats, what comes in and what goes out; one file for each."""
