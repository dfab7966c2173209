"""What reaches the page, caught on its way."""

import pytest

from vidlearn.show import style


@pytest.fixture
def page(monkeypatch):
    """A list of the {MIME type: data} bundles that were shown."""
    shown = []
    monkeypatch.setattr(style, "display", lambda output: shown.append(output._repr_mimebundle_()))
    return shown
