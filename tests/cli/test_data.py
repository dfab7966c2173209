"""vidlearn data: what there is to fetch, and where it is then."""

import pytest

from tests.cli.command import run, told
from vidlearn.datasets import real


@pytest.mark.parametrize("words, says", [
    (["data", "get", "../x"], "there is no real data named '../x'"),
    (["data", "get", "moon"], "no real data named 'moon'"),
])
def test_a_mistake_is_one_line_and_exits_with_1(words, says, here):
    code, said = told(*words)
    assert code == 1 and says in said


def test_data_list_names_size_and_licence():
    code, said = run("data", "list")
    for source in real.available():
        assert source.name in said and source.licence in said
    assert code == 0 and "9.1 MB" in said


def test_data_get_prints_the_paths(monkeypatch, tmp_path):
    monkeypatch.setattr(real, "get", lambda name: [tmp_path / name])
    assert run("data", "get", "walking") == (0, f"{tmp_path / 'walking'}\n")
