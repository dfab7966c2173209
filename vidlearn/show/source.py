"""The code of a function on the page, so that a lesson reads what the library runs."""

import ast
import inspect
from textwrap import dedent

from IPython.display import Markdown, display

from vidlearn.checks import given, kinds


def source(function, docstring=False):
    """Show the source of a function, by default without its docstring.

    A lifted function or a decorated one shows the function that was written.
    """
    written = inspect.unwrap(function)
    text = inspect.getsource(written).rstrip()
    if written.__doc__ and not docstring:
        text = _without_docstring(text)
    display(Markdown(f"```python\n{text}\n```"))


def _without_docstring(text):
    """Cut the docstring's lines out of a function's source."""
    words = ast.parse(dedent(text)).body[0].body[0]
    lines = text.split("\n")
    return "\n".join(lines[:words.lineno - 1] + lines[words.end_lineno:])


given.check(globals(), {"function": kinds.FUNCTION})
