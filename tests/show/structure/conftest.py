"""What was drawn, caught before it becomes a picture."""

import pytest

from tests.show.structure.layout import faults
from vidlearn.show.structure.sheet import Sheet


@pytest.fixture
def drawn(monkeypatch):
    """Call a drawing function, and get its sheet, on which nothing overlaps or is cut off."""
    sheets = []
    monkeypatch.setattr(Sheet, "show", lambda sheet, caption="": sheets.append((sheet, caption)))

    def call(function, *given, **options):
        function(*given, **options)
        sheet, sheet.caption = sheets.pop()
        assert faults(sheet) == []
        return sheet
    return call
