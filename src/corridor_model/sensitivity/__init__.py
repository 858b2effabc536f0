"""What matters: which work, delay or growth decides each target, and where it tips.

Studies of a plan (:func:`tornado`, :func:`switching_values`, :func:`two_way`, :func:`sobol`,
:func:`attribute`) ask the model that :func:`corridor_model.simulate` does. Their general
forms take any function: :func:`one_at_a_time`, :func:`sobol_indices`, :func:`morris`,
:func:`shapley_values`.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
