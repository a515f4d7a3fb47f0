"""The exceptions and the warning of the package."""


class StirError(RuntimeError):
    """A failure that Stir reports: a file that can't be used, a library, the machine."""


class StirUsageError(StirError, ValueError):
    """A request that must change: an unknown option or layer, a value out of range."""


class StirNotFoundError(StirError, FileNotFoundError):
    """No installation of Stir was found, or one of another version."""


class StirWarning(UserWarning):
    """A problem that does not stop the work."""
