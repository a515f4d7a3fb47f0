package stir.spark;

import stir.api.DataException;
import stir.api.UsageException;
import stir.core.Stir;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a process of the cluster keeps from one task to the next: Stir, and studies with their open
 * models. An executor runs several tasks at once; each has a study of its own meanwhile.
 *
 * <p>This is the one place with state that outlives its users, in a static field: Spark gives tasks
 * nothing that lives as long as their process, opening models anew for each unit would take longer
 * than many units, and native libraries can be loaded by one class loader of a process alone, so
 * that there must not be a second Stir (with {@code local[1]} driver and executor are one process,
 * too). An executor belongs to one application, hence to one study. What is open ends with it.
 */
final class ExecutorProcess {
    private static final ExecutorProcess HERE = new ExecutorProcess();

    private final Map<StirHome, Stir> loaded = new HashMap<>();
    private final Map<StudyPlace, Deque<OpenStudy>> idle = new HashMap<>();

    private ExecutorProcess() {}

    /** This process. */
    static ExecutorProcess here() {
        return HERE;
    }

    /** Stir with the backends of a folder, loaded once. Errors as {@link StirHome#load}. */
    Stir stir(StirHome home) {
        synchronized (loaded) {
            var absolute = new StirHome(home.folder().toAbsolutePath().normalize());
            return loaded.computeIfAbsent(absolute, StirHome::load);
        }
    }

    /**
     * Works with a study, which is opened if no open one is idle. After anything but a failure that
     * is the user's, it is not used again: an interruption, for example, closes files under it.
     */
    void with(StudyPlace place, Consumer<OpenStudy> work) {
        var study = take(place);
        boolean sound = false;
        try {
            work.accept(study);
            sound = true;
        } catch (UsageException | DataException e) {
            sound = true;
            throw e;
        } finally {
            if (sound) {
                giveBack(place, study);
            } else {
                study.close();
            }
        }
    }

    private OpenStudy take(StudyPlace place) {
        synchronized (idle) {
            var first = idle(place).poll();
            if (first != null) {
                return first;
            }
        }
        return place.open();
    }

    private void giveBack(StudyPlace place, OpenStudy study) {
        synchronized (idle) {
            idle(place).push(study);
        }
    }

    private Deque<OpenStudy> idle(StudyPlace place) {
        return idle.computeIfAbsent(place, unused -> new ArrayDeque<>());
    }
}
