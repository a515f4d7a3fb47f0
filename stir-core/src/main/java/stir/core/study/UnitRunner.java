package stir.core.study;

import stir.api.Experimental;
import stir.core.study.plan.Stage;
import stir.core.study.plan.Unit;

import java.util.List;
import java.util.Map;

/**
 * Has units of a study done by other processes, which see the study's folder too. Where each is
 * done, how often it is tried and in which order is up to it.
 *
 * @since 0.1.0
 */
@FunctionalInterface
@Experimental
public interface UnitRunner {
    /**
     * Returns when each unit is either done or has failed for a reason that holds wherever it is
     * tried again. Whatever else happens, such as the loss of all machines, is thrown.
     *
     * @param stage the stage that all units belong to
     * @param units what to do, in the order in which one process does them best; at least one
     * @return the units that failed, and a sentence for each that says why
     */
    Map<Unit, String> run(Stage stage, List<Unit> units);
}
