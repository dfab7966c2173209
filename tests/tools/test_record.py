"""A recorded notebook holds what a run says, and two runs leave no diff."""

import json

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError

from tools import record

CLOCK = "import time\nprint(time.time())", "nbval-ignore-output"
PLOT = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nprint('drawn')"


def test_two_runs_leave_no_diff(recorded):
    path, cells = recorded("x = {'b', 'a'}\nsorted(x)", PLOT, "import ipywidgets as W\nW.IntText()",
                           ("1 / 0", "raises-exception"), CLOCK)
    before = path.read_bytes()
    record.record(path)
    assert path.read_bytes() == before
    assert [cell.execution_count for cell in cells] == [1, 2, 3, 4, 5]
    assert cells[0].outputs[0].data["text/plain"] == "['a', 'b']"
    assert cells[1].outputs[0].data["image/png"] and cells[1].outputs[1].text == "drawn\n"


def test_nothing_of_this_machine_stays(recorded):
    path, cells = recorded("import ipywidgets as W\nW.IntText()",
                           ("import json\njson.loads('[')", "raises-exception"))
    stored = json.loads(path.read_text())
    assert stored["metadata"] == record.METADATA
    assert list(cells[0].outputs[0].data) == ["text/plain"]       # the view needs its kernel
    error = cells[1].outputs[0]
    said = record.COLOUR.sub("", "".join(error.traceback))
    assert error.ename == "JSONDecodeError" and "json.loads('[')" in said and "File" not in said
    assert set(cells[0].metadata) == set()


def times(path):
    return nbformat.read(path, 4).cells[-1].outputs[0].text


def test_an_ignored_output_stays_until_the_code_above_changes(recorded):
    path, _ = recorded("a = 1", CLOCK)
    before = times(path)
    record.record(path)
    assert times(path) == before
    record.record(path, fresh=True)
    assert times(path) != before

    before, changed = times(path), nbformat.read(path, 4)
    changed.cells[0].source = "a = 2"
    nbformat.write(changed, path)
    record.record(path)
    assert times(path) != before


def test_a_notebook_that_fails_is_left_as_it_was(notebook):
    path = notebook("print('fine')", "1 / 0")
    before = path.read_bytes()
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        record.record(path)
    assert path.read_bytes() == before


def test_it_is_told_by_number(notebook, monkeypatch, capsys):
    path = notebook("print(6 * 7)")
    monkeypatch.setattr(record, "NOTEBOOKS", path.parent)
    monkeypatch.setattr("sys.argv", ["record", "90"])
    for word in ("changed", "as before"):
        with pytest.raises(SystemExit) as end:
            record.main()
        assert end.value.code == 0 and word in capsys.readouterr().out
    monkeypatch.setattr("sys.argv", ["record", "91"])
    with pytest.raises(SystemExit, match="no notebook 91"):
        record.main()
