"""python -m vidlearn is the vidlearn command."""

from vidlearn.cli import main

main()
