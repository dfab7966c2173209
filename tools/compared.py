"""Compare a cell's outputs with nbval's own code, without running the cell again."""

from types import SimpleNamespace

from nbval import plugin

from vidlearn.course import replay

RULES = SimpleNamespace(
    sanitize_patterns=dict(
        plugin.get_sanitize_patterns(replay.NOT_COMPARED.read_text(encoding="utf-8"))),
    skip_compare=("metadata", "traceback", "prompt_number", "output_type", "name",
                  "execution_count", "application/vnd.jupyter.widget-view+json", "image/png",
                  "image/jpeg"))


class _Cell:
    """A cell that can only compare: it has no kernel, no file and no report."""

    parent, colors = RULES, plugin.nocolors
    compare_outputs, sanitize = plugin.IPyNbCell.compare_outputs, plugin.IPyNbCell.sanitize

    def format_output_compare(self, key, left, right):
        pass


def same(stored, outputs):
    """Whether strict nbval passes a cell with these `outputs` where others are `stored`."""
    return _Cell().compare_outputs(outputs, stored)
