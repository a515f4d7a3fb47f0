"""How much of one neural network survives what another ignores, measured with Stir.

`score(a, b, images)` compares two networks: which inputs does one treat as the same that the other
tells apart? Stir, a program, computes everything; this package exports live modules, runs the
program, and returns what it writes.
"""

from ._api import (
    Layer as Layer,
    check as check,
    invert as invert,
    layers as layers,
    measures as measures,
    rdms as rdms,
    represent as represent,
    score as score,
    similarity as similarity,
    study as study,
)
from ._cache import clear_cache as clear_cache
from ._errors import (
    StirError as StirError,
    StirLayerError as StirLayerError,
    StirNotFoundError as StirNotFoundError,
    StirTypeError as StirTypeError,
    StirUsageError as StirUsageError,
    StirWarning as StirWarning,
)
from ._models import Model as Model, load as load
from ._progression import Progression as Progression, progression as progression
from ._results import (
    Caution as Caution,
    Direction as Direction,
    Inversion as Inversion,
    MeasureScore as MeasureScore,
    Score as Score,
    SharedMetamers as SharedMetamers,
    Study as Study,
    Summary as Summary,
    Value as Value,
    Verdict as Verdict,
)

__version__ = "0.1.0"
