"""Options that several commands have."""

from typing import Annotated

from typer import Option

Engine = Annotated[str, Option(metavar="LIBRARY", help="scratch (by hand) or torch.")]
Device = Annotated[str, Option(metavar="DEVICE", help="cpu or cuda.")]
AllowDamaged = Annotated[bool, Option(
    "--allow-damaged", help="Use what can be decoded of damaged ones.")]
COUNT = {"min": 1, "metavar": "N"}
