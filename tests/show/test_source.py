"""The code on the page is the code that runs."""

from functools import lru_cache
from importlib import import_module

import pytest

from vidlearn.checks import checked, kinds
from vidlearn.scratch import lift
from vidlearn.show import source


def plain(x):
    """Twice x.

    Units    none; a backslash \\n is no new line
    """
    return 2 * x              # and no docstring


def short(x):
    "Half of x."
    return x / 2


def lines_of(text):
    fence, *lines, end = text.split("\n")
    assert (fence, end) == ("```python", "```")
    return lines


@pytest.fixture
def shown(monkeypatch):
    texts = []
    module = import_module("vidlearn.show.source")     # show.source is the function in it
    monkeypatch.setattr(module, "display", lambda markdown: texts.append(markdown.data))
    return texts


def test_a_function_is_shown_without_its_docstring(shown):
    source(plain)
    source(short)
    assert [lines_of(text) for text in shown] == [
        ["def plain(x):", "    return 2 * x              # and no docstring"],
        ["def short(x):", "    return x / 2"]]


def test_the_docstring_comes_when_asked_for(shown):
    source(plain, docstring=True)
    assert lines_of(shown[0])[1:5] == [
        '    """Twice x.', "", "    Units    none; a backslash \\\\n is no new line", '    """']


def test_a_function_inside_another_one_keeps_its_margin(shown):
    def inner():
        """Nothing."""
        return None

    source(inner)
    assert lines_of(shown[0]) == ["    def inner():", "        return None"]


def test_a_lifted_function_shows_the_pair_it_was_made_from(shown):
    def twice_forward(x):
        return 2 * x, None

    source(lift(twice_forward, lambda dy, cache: 2 * dy))
    assert lines_of(shown[0])[0].strip() == "def twice_forward(x):"


@checked
def doubled(x: kinds.NUMBER, times=1):
    """Twice x, several times."""
    return 2 * x * times


@checked
@lru_cache
def cached(x: kinds.NUMBER):
    return x


def test_the_decorator_checked_is_left_out_and_the_annotated_signature_stays(shown):
    source(doubled)
    source(doubled, docstring=True)
    source(cached)
    assert [lines_of(text) for text in shown] == [
        ["def doubled(x: kinds.NUMBER, times=1):", "    return 2 * x * times"],
        ["def doubled(x: kinds.NUMBER, times=1):", '    """Twice x, several times."""',
         "    return 2 * x * times"],
        ["@lru_cache", "def cached(x: kinds.NUMBER):", "    return x"]]
