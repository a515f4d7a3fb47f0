package stir.core.inversion.term;

import stir.api.ObjectiveTerm;
import stir.api.contract.ObjectiveTermContract;

class GreyTest extends ObjectiveTermContract {
    @Override
    protected ObjectiveTerm term() {
        return new Grey();
    }
}
