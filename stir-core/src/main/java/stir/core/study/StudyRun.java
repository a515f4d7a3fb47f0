package stir.core.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import stir.api.DataException;
import stir.api.UsageException;
import stir.core.inversion.Inversion;
import stir.core.runtime.machine.HostName;
import stir.core.study.plan.SearchRun;
import stir.core.study.plan.Shard;
import stir.core.study.plan.Stage;
import stir.core.study.plan.StudyPlan;
import stir.core.study.plan.Unit;
import stir.core.study.plan.Workload;
import stir.core.study.results.StudyResults;

/**
 * A run of a study's units. It selects the units that are missing and passes them to a dispatcher:
 * this process, or a cluster. A shard selects its share of one stage.
 */
final class StudyRun {
    private final StudyUnits units;
    private final StudyPlan plan;
    private final RunLog log;
    private final UnitRunner dispatcher;

    /** Whether all searches are dispatched at once, before any is gathered. */
    private final boolean isStaged;

    private final UnitFailures failures = new UnitFailures();

    private StudyRun(StudyUnits units, RunLog log, UnitRunner dispatcher, boolean isStaged) {
        this.units = units;
        this.plan = units.plan();
        this.log = log;
        this.dispatcher = dispatcher;
        this.isStaged = isStaged;
    }

    /**
     * Creates a run in this process, search by search.
     *
     * @param units the units; the caller retains ownership
     * @param log the log; the caller retains ownership
     * @param collects whether units that fail because of their data are collected; if not, the
     *     first of them ends the run
     */
    StudyRun(StudyUnits units, RunLog log, boolean collects) {
        this(units, log, new Here(units, log, collects), false);
    }

    /** Returns the same run in other processes, stage by stage. */
    StudyRun elsewhere(UnitRunner runner) {
        return new StudyRun(
                units,
                log,
                (stage, ready) -> {
                    log.step("%s: %s".formatted(stage.word(), UnitFailures.units(ready.size())));
                    var failed = runner.run(stage, ready);
                    ready.stream().filter(unit -> !failed.containsKey(unit)).forEach(units::countDone);
                    return failed;
                },
                true);
    }

    /** A dispatcher that runs the units in this process, one after the other. */
    private record Here(StudyUnits units, RunLog log, boolean collects) implements UnitRunner {
        @Override
        public Map<Unit, String> run(Stage stage, List<Unit> ready) {
            var failed = new LinkedHashMap<Unit, String>();
            for (var unit : ready) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new CancellationException("The study was interrupted");
                }
                log.step(unit.toString());
                boolean isListed = stage != Stage.GATHER; // in the workload
                if (isListed) {
                    log.listener().begin(unit);
                }
                try {
                    units.run(unit, log.listener());
                    if (isListed) {
                        log.listener().end(unit);
                    }
                } catch (UsageException | DataException e) {
                    if (!collects) {
                        throw e;
                    }
                    log.step("failed: %s: %s".formatted(unit, e.getMessage()));
                    failed.put(unit, e.getMessage());
                }
            }
            return failed;
        }
    }

    /**
     * Runs all units, and assembles the results.
     *
     * @throws DataException if units failed; the log has the reasons
     */
    StudyResults results() {
        log.step("study of %d models, %d layers, %d inputs: %d inversions, %d comparisons"
                .formatted(
                        plan.models().size(),
                        plan.layers(),
                        plan.inputs().count(),
                        plan.inversions(),
                        plan.comparisons()));
        try {
            units.prepare();
            noteOthers();
            noteLimit();
            announce(Stage.SEARCH, Stage.SCORE);
            search();
            dispatch(Stage.SCORE, plan.units(Stage.SCORE));
            failures.lines().forEach(log::note);
            failures.check();
            var results = units.finish();
            report(results);
            return results;
        } catch (CancellationException e) {
            log.write("interrupted: finished work is kept");
            throw e;
        } catch (RuntimeException e) {
            log.write("failed: " + e.getMessage());
            throw e;
        }
    }

    /** Runs only the searches and returns their results in the order of the plan. */
    List<Inversion> searches() {
        units.prepare();
        noteOthers();
        announce(Stage.SEARCH);
        search();
        return plan.references().stream()
                .flatMap(reference -> plan.runs().stream()
                        .map(run -> units.inversion(reference, run).orElseThrow()))
                .toList();
    }

    private void search() {
        var missing = units.missing(Stage.GATHER);
        for (var searches :
                isStaged ? List.of(missing) : missing.stream().map(List::of).toList()) {
            var ranges = searches.stream()
                    .flatMap(search -> plan.unitsOf((Unit.Gather) search).stream())
                    .toList();
            dispatch(Stage.SEARCH, ranges);
            dispatch(Stage.GATHER, searches);
        }
    }

    /**
     * Dispatches the missing ones of the given units that need no failed unit.
     *
     * @return the units that failed, and one reason per unit
     */
    private Map<Unit, String> dispatch(Stage stage, List<Unit> of) {
        var ready = units.missing(of).stream()
                .filter(unit -> !failures.holdUp(unit))
                .toList();
        if (ready.isEmpty()) {
            return Map.of();
        }
        var failed = dispatcher.run(stage, ready);
        failures.add(failed);
        return failed;
    }

    /** Stores what shards need before they begin. */
    StudyPlan prepare() {
        units.prepare();
        log.step("prepared for shards: %d inversions".formatted(plan.inversions()));
        return plan;
    }

    /** Runs a shard's share of a stage, if the searches that it needs are complete. */
    ShardOutcome share(Stage stage, Shard shard) {
        var share = plan.share(stage, shard);
        log.step("shard %s of stage %s on %s: %d units".formatted(shard, stage.word(), HostName.here(), share.size()));
        units.prepare();
        var missing = units.missing(share);
        var incomplete = new LinkedHashSet<Unit>();
        var ready = new ArrayList<Unit>();
        for (var unit : missing) {
            var searches = gather(units.needs(unit));
            incomplete.addAll(searches);
            if (searches.isEmpty()) {
                ready.add(unit);
            }
        }
        announce(share.size() - missing.size(), ready);
        var failed = dispatch(stage, ready);
        if (stage == Stage.SEARCH) {
            gather(share.stream()
                    .flatMap(unit -> unit.whole().stream())
                    .distinct()
                    .toList());
        }
        var reasons = new ArrayList<ShardOutcome.Failure>();
        failed.forEach((unit, reason) -> reasons.add(new ShardOutcome.Failure(unit, reason)));
        var outcome = new ShardOutcome(
                stage, shard, share.size(), ready.size() - failed.size(), reasons, List.copyOf(incomplete));
        log.step("ended: " + outcome.sentence());
        return outcome;
    }

    /** Gathers the searches that have finished all inputs and returns the missing searches. */
    private List<Unit> gather(List<Unit.Gather> searches) {
        var incomplete = new ArrayList<Unit>();
        for (var search : units.missing(searches)) {
            if (units.isFinished((Unit.Gather) search)) {
                log.step(search.toString());
                units.run(search, log.listener());
            } else {
                incomplete.add(search);
            }
        }
        return incomplete;
    }

    /** Reports the work of stages to the listener. */
    private void announce(Stage... stages) {
        var all = Stream.of(stages).flatMap(stage -> plan.units(stage).stream()).toList();
        var missing = all.stream().filter(units::isMissing).toList();
        announce(all.size() - missing.size(), missing);
    }

    private void announce(int stored, List<Unit> missing) {
        log.listener().plan(Workload.of(plan, stored, missing));
        plan.cautions().forEach(log.listener()::caution);
        var lengths = plan.inputs().facts().lengths();
        for (var model : plan.models()) {
            for (var layer : model.layers()) {
                lengths.caution(layer.name(), layer.shape(), model.layout()).ifPresent(log.listener()::caution);
            }
        }
    }

    /** Notes that the folder holds results of other searches, which the tables do not have. */
    private void noteOthers() {
        var others = units.otherSearches();
        if (!others.isEmpty()) {
            log.note(
                    "the folder also contains results of %s (%s), which remain stored; the answer, tables and reports describe %s."
                            .formatted(
                                    others.size() == 1 ? "another search" : "other searches",
                                    String.join(", ", others),
                                    plan.runs().stream()
                                            .map(SearchRun::search)
                                            .distinct()
                                            .collect(Collectors.joining(", "))));
        }
    }

    /** Notes that there are fewer inputs than were asked for. */
    private void noteLimit() {
        int count = plan.inputs().count();
        var limit = plan.experiment().limit();
        if (limit.isPresent() && limit.getAsInt() > count) {
            log.note("there are %d inputs, fewer than the limit of %d.".formatted(count, limit.getAsInt()));
        }
    }

    private void report(StudyResults results) {
        var work = results.work();
        log.step("inversions: %d of %d (%d made now, %d reused)"
                .formatted(plan.inversions(), plan.inversions(), work.inversions(), work.inversionsReused()));
        log.step("comparisons: %d of %d (%d computed now, %d reused)"
                .formatted(
                        work.comparisons() + work.comparisonsReused(),
                        plan.comparisons(),
                        work.comparisons(),
                        work.comparisonsReused()));
        log.step("complete");
    }
}
