"""What staff is to do: written down by people, and by whatever finds that a person is needed."""
