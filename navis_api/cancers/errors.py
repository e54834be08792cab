"""What can be wrong with a catalogue."""

from navis_api.errors import InvalidInput


class CatalogueInvalid(InvalidInput):
    """A catalogue that contradicts itself or what is there already."""
