"""A chat on pages of the brand's own: our script in the page, and we are the platform."""
