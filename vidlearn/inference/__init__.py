"""A trained classifier in one file, and what it says about a clip or a long video."""
