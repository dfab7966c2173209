"""Every number that is stored in a notebook is compared: one that is altered is noticed."""

import copy
import re
from pathlib import Path

import nbformat
import pytest

from tools.compared import same

NOTEBOOKS = sorted(Path(__file__).parents[1].glob("notebooks/*.ipynb"))
NUMBER = re.compile(r"\d+(?:\.\d+)?")
LEFT_OUT = re.compile(r"data:video/\w+;base64,[\w+/=]+|≈-?[\d,.]*\d(e[-+]?\d+)?")


def altered(outputs):
    """The outputs with one digit changed, once for each number that is printed in them."""
    for k, output in enumerate(outputs):
        places = [(output, "text"), (output, "evalue"),
                  *((output.get("data", {}), kind) for kind in ("text/plain", "text/html"))]
        for holder, key in places:
            text = holder.get(key, "")
            for number in NUMBER.finditer(LEFT_OUT.sub(lambda found: " " * len(found[0]), text)):
                changed = copy.deepcopy(outputs)
                target = changed[k] if holder is output else changed[k]["data"]
                last = number.end() - 1
                target[key] = text[:last] + str(9 - int(text[last])) + text[last + 1:]
                yield number[0], changed


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_altered_number_is_noticed(path):
    compared = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"
                and "nbval-ignore-output" not in cell.metadata.get("tags", [])]
    planted = 0
    for cell in compared:
        assert same(cell.outputs, cell.outputs)
        for number, outputs in altered(cell.outputs):
            planted += 1
            assert not same(outputs, cell.outputs), f"{number} may change in\n{cell.source}"
    assert planted >= 20


def test_the_bytes_of_a_film_may_change_and_nothing_else():
    def shown(film, words):
        return [nbformat.v4.new_output("display_data", {
            "text/html": f'<video src="data:video/webm;base64,{film}">', "text/plain": words})]
    assert same(shown("AAAA", "8 frames"), shown("BBBB", "8 frames"))
    assert not same(shown("AAAA", "8 frames"), shown("AAAA", "9 frames"))
