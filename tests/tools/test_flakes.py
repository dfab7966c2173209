"""The runner that looks for flakes: a notebook that differs now and then is counted and shown."""

from tools.flakes import repeat, table


def test_a_notebook_that_differs_every_other_time_is_counted(recorded):
    path, _ = recorded("6 * 7", "from pathlib import Path\nturns = Path('turns.txt')\n"
                       "turns.write_text(turns.read_text() + '.' if turns.exists() else '.') % 2")
    lines = table(list(repeat([path], times=2)))
    assert [line.split()[:3] for line in lines[1:3]] == [["90_tiny", "2", "1"], ["all", "2", "1"]]
    assert lines[3].startswith("90_tiny: ✗ 1 of 2 cells differ from what is stored\n  In [2]")
    assert len(lines) == 4
