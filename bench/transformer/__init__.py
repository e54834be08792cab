"""How readers of two texts (`navis_api.side_by_side`) are learned from pairs of texts."""
