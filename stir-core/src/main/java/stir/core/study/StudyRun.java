package stir.core.study;

import stir.api.DataException;
import stir.api.UsageException;
import stir.core.inputs.Lengths;
import stir.core.inversion.Inversion;
import stir.core.runtime.machine.HostName;
import stir.core.study.plan.Shard;
import stir.core.study.plan.Stage;
import stir.core.study.plan.Unit;
import stir.core.study.plan.Workload;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;

/**
 * A run of a study's units. It selects the units that are missing and passes them to a dispatcher,
 * stage after stage: this process, a shard of many processes, or a cluster.
 */
final class StudyRun {
    private final StudyUnits units;
    private final RunLog log;
    private final UnitRunner dispatcher;
    private final UnitFailures failures = new UnitFailures();

    private StudyRun(StudyUnits units, RunLog log, UnitRunner dispatcher) {
        this.units = units;
        this.log = log;
        this.dispatcher = dispatcher;
    }

    /**
     * Creates a run in this process.
     *
     * @param collects whether units that fail because of their data are collected; if not, the
     *     first of them ends the run
     */
    static StudyRun here(StudyUnits units, RunLog log, boolean collects) {
        return new StudyRun(
                units,
                log,
                (stage, ready) -> {
                    var failed = new LinkedHashMap<Unit, String>();
                    for (var unit : ready) {
                        try {
                            runHere(units, unit, log);
                        } catch (UsageException | DataException e) {
                            if (!collects) {
                                throw e;
                            }
                            log.step("failed: %s: %s".formatted(unit, e.getMessage()));
                            failed.put(unit, e.getMessage());
                        }
                    }
                    return failed;
                });
    }

    /** Creates a run in other processes. */
    static StudyRun elsewhere(StudyUnits units, RunLog log, UnitRunner runner) {
        return new StudyRun(
                units,
                log,
                (stage, ready) -> {
                    log.step("%s: %s".formatted(stage.word(), UnitFailures.units(ready.size())));
                    var failed = runner.run(stage, ready);
                    ready.stream()
                            .filter(unit -> !failed.containsKey(unit))
                            .forEach(units::countDone);
                    return failed;
                });
    }

    private static void runHere(StudyUnits units, Unit unit, RunLog log) {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("The study was interrupted");
        }
        log.step(unit.toString());
        if (unit instanceof Unit.Gather) {
            units.run(unit, log.listener());
            return;
        }
        log.listener().begin(unit);
        units.run(unit, log.listener());
        log.listener().end(unit);
    }

    /** Reports the work of stages to the listener. */
    private void announce(Stage... stages) {
        var all =
                Arrays.stream(stages).flatMap(stage -> units.plan().units(stage).stream()).toList();
        var missing = all.stream().filter(units::isMissing).toList();
        announce(all.size() - missing.size(), missing);
    }

    private void announce(int stored, List<Unit> missing) {
        log.listener().plan(Workload.of(units.plan(), stored, missing));
        units.plan().cautions().forEach(log.listener()::caution);
        var lengths = Lengths.of(units.plan().inputs());
        for (var model : units.plan().models()) {
            for (var layer : model.layers()) {
                lengths.caution(layer.name(), layer.shape(), model.layout())
                        .ifPresent(log.listener()::caution);
            }
        }
    }

    /**
     * Dispatches units that need no failed unit.
     *
     * @return the units that failed, and one reason per unit
     */
    private Map<Unit, String> dispatch(Stage stage, List<Unit> missing) {
        var ready = missing.stream().filter(unit -> !failures.holdUp(unit)).toList();
        if (ready.isEmpty()) {
            return Map.of();
        }
        var failed = dispatcher.run(stage, ready);
        failures.add(failed);
        return failed;
    }

    /** Runs all units, reference by reference, since its network serves all ranges and repeats. */
    void byReference() {
        announce(Stage.SEARCH, Stage.SCORE);
        search();
        dispatch(Stage.SCORE, units.missing(Stage.SCORE));
    }

    private void search() {
        for (var unit : units.missing(Stage.GATHER)) {
            var parts = units.plan().unitsOf((Unit.Gather) unit);
            dispatch(Stage.SEARCH, parts.stream().filter(units::isMissing).toList());
            dispatch(Stage.GATHER, List.of(unit));
        }
    }

    /** Runs the searches alone, and returns their results in the order of the plan. */
    List<Inversion> searches() {
        announce(Stage.SEARCH);
        search();
        var plan = units.plan();
        var found = new ArrayList<Inversion>();
        for (var reference : plan.references()) {
            for (var run : plan.runs()) {
                found.add(units.inversion(reference, run).orElseThrow());
            }
        }
        return found;
    }

    /**
     * Runs all units, stage by stage.
     *
     * @throws DataException if units failed; the log has the reasons
     */
    void byStage() {
        announce(Stage.SEARCH, Stage.SCORE);
        for (var stage : Stage.values()) {
            dispatch(stage, units.missing(stage));
        }
        failures.lines().forEach(log::note);
        failures.check();
    }

    /** Runs a shard's share of a stage. */
    ShardOutcome share(Stage stage, Shard shard) {
        var share = units.plan().share(stage, shard);
        log.step(
                "shard %s of stage %s on %s: %d units"
                        .formatted(shard, stage.word(), HostName.here(), share.size()));
        units.prepare();
        var incomplete = new LinkedHashSet<Unit>();
        var ready = new ArrayList<Unit>();
        int stored = 0;
        for (var unit : share) {
            if (!units.isMissing(unit)) {
                stored++;
            } else {
                var searches = gather(searches(unit));
                incomplete.addAll(searches);
                if (searches.isEmpty()) {
                    ready.add(unit);
                }
            }
        }
        announce(stored, ready);
        var failed = dispatch(stage, ready);
        int done = ready.size() - failed.size();
        if (stage == Stage.SEARCH) {
            gather(share.stream().map(unit -> ((Unit.Search) unit).whole()).distinct().toList());
        }
        var reasons = new ArrayList<ShardOutcome.Failure>();
        failed.forEach((unit, reason) -> reasons.add(new ShardOutcome.Failure(unit, reason)));
        var outcome =
                new ShardOutcome(
                        stage, shard, share.size(), done, reasons, List.copyOf(incomplete));
        log.step("ended: " + outcome.sentence());
        return outcome;
    }

    /** Returns the searches whose results a unit reads. */
    private List<Unit.Gather> searches(Unit unit) {
        return unit instanceof Unit.Score score ? units.searches(score) : List.of();
    }

    /** Gathers the searches that have found all inputs, and returns the others. */
    private List<Unit> gather(List<Unit.Gather> searches) {
        var incomplete = new ArrayList<Unit>();
        for (var search : searches) {
            if (units.isMissing(search)) {
                if (units.isFound(search)) {
                    runHere(units, search, log);
                } else {
                    incomplete.add(search);
                }
            }
        }
        return incomplete;
    }
}
