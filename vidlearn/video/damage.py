"""What is raised, inside vidlearn.video only, where a file does not fit together."""


class Damage(Exception):
    """Says in words where a file breaks."""
