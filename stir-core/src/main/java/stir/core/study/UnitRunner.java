package stir.core.study;

import java.util.List;
import java.util.Map;
import stir.api.Experimental;
import stir.core.study.plan.Stage;
import stir.core.study.plan.Unit;

/**
 * A dispatcher of a study's units, for example to other processes that share the study's folder. It
 * chooses the machines, the order and the number of attempts.
 *
 * @since 0.1.0
 */
@FunctionalInterface
@Experimental
public interface UnitRunner {
    /**
     * Runs units and returns when each is either done or has failed for a reason that holds on all
     * machines. Other failures, such as the loss of all machines, are thrown.
     *
     * @param stage the stage of all units
     * @param units the units, at least one, in the best order for one process
     * @return the units that failed, and one reason per unit
     */
    Map<Unit, String> run(Stage stage, List<Unit> units);
}
