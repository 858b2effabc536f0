from .assessment import assess as assess
