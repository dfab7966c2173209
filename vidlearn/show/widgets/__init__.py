"""The widgets of the lessons, one module for each notebook, of the same name.

Each public function returns a `draw` for `show.live`: a function of the controls that returns an
RGB picture and one line of text.
"""
