"""Drawings of structure: what is connected to what, labelled with the symbols of the formulas.

Each function shows one still picture. Those that need them have a companion that gives the numbers
behind it as plain data, such as `window_cells` for `window`.
"""
