"""The source code of a function on the page, so that a lesson shows what the library runs."""

import ast
import inspect
from textwrap import dedent

from IPython.display import Markdown, display

from vidlearn.checks import checked, kinds


@checked
def source(function: kinds.FUNCTION, docstring=False):
    """Show the source of a function, by default without its docstring.

    Of a lifted or decorated function, the function that was written is shown. The decorator
    `@checked` is left out, because it says nothing about what the function computes.
    """
    written = inspect.unwrap(function)
    lines = inspect.getsource(written).rstrip().split("\n")
    tree = ast.parse(dedent("\n".join(lines))).body[0]
    cut = [node for node in getattr(tree, "decorator_list", ()) if _is_checked(node)]
    if written.__doc__ and not docstring:
        cut.append(tree.body[0])
    for node in reversed(cut):                        # from the end, so that line numbers stay true
        del lines[node.lineno - 1:node.end_lineno]
    text = "\n".join(lines)
    display(Markdown(f"```python\n{text}\n```"))


def _is_checked(decorator):
    return isinstance(decorator, ast.Name) and decorator.id == "checked"
