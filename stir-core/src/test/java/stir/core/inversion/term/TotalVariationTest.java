package stir.core.inversion.term;

import stir.api.ObjectiveTerm;
import stir.api.contract.ObjectiveTermContract;

class TotalVariationTest extends ObjectiveTermContract {
    @Override
    protected ObjectiveTerm term() {
        return new TotalVariation();
    }
}
