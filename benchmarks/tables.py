"""Markdown tables, printed row by row as they are measured, and written to a file."""


def table(head, rows):
    """Print a Markdown table row by row; returns its lines, after an empty one."""
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    print("\n" + "\n".join(lines))
    for row in rows:
        lines.append(f"| {' | '.join(row)} |")
        print(lines[-1], flush=True)
    return ["", *lines]


def write(path, lines):
    """Write the lines to a Markdown file, if there is a path."""
    if path:
        path.write_text("\n".join(lines).lstrip("\n") + "\n", encoding="utf-8")
