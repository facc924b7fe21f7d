"""The sample community: 180 believable days of a coffee brand's groups, the same every time, removed with one click."""
