"""Markdown tables, printed row by row as they are measured, and kept for a file."""


def table(head, rows):
    """Print a Markdown table as its rows come; returns its lines, after an empty one."""
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    print("\n" + "\n".join(lines))
    for row in rows:
        lines.append(f"| {' | '.join(row)} |")
        print(lines[-1], flush=True)
    return ["", *lines]


def write(path, lines):
    """Write the lines to a Markdown file, if one is asked for."""
    if path:
        path.write_text("\n".join(lines).lstrip("\n") + "\n", encoding="utf-8")
