"""Talks on pages of the brand's: `/w/`. The script that shows them, what was said in them, and the wires that tell a page of an answer."""
