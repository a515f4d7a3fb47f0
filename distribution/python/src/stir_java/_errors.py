"""The exceptions and the warning of the package."""

import inspect
import warnings
from pathlib import Path


class StirError(RuntimeError):
    """A failure that Stir reports: a file that can't be used, a library, the machine."""


class StirUsageError(StirError, ValueError):
    """A request that must change: an unknown option, a value out of range."""


class StirTypeError(StirUsageError, TypeError):
    """A value of a kind that is not taken."""


class StirLayerError(StirUsageError, KeyError):
    """A layer that a network does not have, or that must be named."""

    __str__ = Exception.__str__  # KeyError's puts the sentence into quotes


class StirNotFoundError(StirError, FileNotFoundError):
    """No installation of Stir was found, or one of another version."""


class StirWarning(UserWarning):
    """A problem that does not stop the work."""


def warn(text: str) -> None:
    """Warn at the line that calls the package."""
    here = str(Path(__file__).parent)
    files = [each.filename for each in inspect.stack(0)]
    level = next((place for place, file in enumerate(files) if not file.startswith(here)), 1)
    warnings.warn(text, StirWarning, stacklevel=level + 1)
