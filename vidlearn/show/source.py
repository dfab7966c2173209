"""The code of a function on the page, so that a lesson reads what the library runs."""

import inspect

from IPython.display import Markdown, display


def source(function, docstring=False):
    """Show the source of a function, by default without its docstring.

    A lifted function or a decorated one shows the function that was written.
    """
    written = inspect.unwrap(function)
    text = inspect.getsource(written).rstrip()
    if written.__doc__ and not docstring:
        text = _without(text, written.__doc__)
    display(Markdown(f"```python\n{text}\n```"))


def _without(text, words):
    """Cut the docstring's lines out of a function's source."""
    lines = text.split("\n")
    first = next(i for i, line in enumerate(lines) if line.lstrip().startswith('"""'))
    return "\n".join(lines[:first] + lines[first + words.count("\n") + 1:])
