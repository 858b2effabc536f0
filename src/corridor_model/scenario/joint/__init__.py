"""Many targets at once: paths of normal scores, counted."""
