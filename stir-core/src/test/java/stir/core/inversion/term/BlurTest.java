package stir.core.inversion.term;

import stir.api.ObjectiveTerm;
import stir.api.contract.ObjectiveTermContract;

class BlurTest extends ObjectiveTermContract {
    @Override
    protected ObjectiveTerm term() {
        return new Blur();
    }
}
