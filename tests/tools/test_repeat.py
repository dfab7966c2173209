"""A second run in the same kernel: what it must say again, and what is noticed."""

from tools.repeat import changed


def test_a_cell_that_lives_on_what_it_left_behind_is_noticed(recorded):
    path, _ = recorded("count = [0]", "count.append(1)\nprint(len(count))",
                       "seen = globals().get('seen', 0) + 1\nprint(seen)",
                       ("print(seen)", "nbval-ignore-output"), "print(6 * 7)")
    assert changed(path) == [3]
