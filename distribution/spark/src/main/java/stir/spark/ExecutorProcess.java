package stir.spark;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import stir.api.DataException;
import stir.api.UsageException;
import stir.core.Stir;

/**
 * The state that a process of the cluster keeps between tasks: Stir, and studies with their open
 * models. An executor runs several tasks at once, each with a study of its own.
 *
 * <p>A static field holds this state, for three reasons: Spark offers tasks no object that lives as
 * long as their process; opening the models again takes longer than many units; and only one class
 * loader of a process can load native libraries (with {@code local[1]}, driver and executor are one
 * process). An executor belongs to one application, hence to one study; the open models are closed
 * when the process ends.
 */
final class ExecutorProcess {
    private static final ExecutorProcess HERE = new ExecutorProcess();

    private final Map<StirHome, Stir> loaded = new HashMap<>();
    private final Map<StudyPlace, Deque<OpenStudy>> idle = new HashMap<>();

    private ExecutorProcess() {}

    /** Returns the state of this process. */
    static ExecutorProcess here() {
        return HERE;
    }

    /**
     * Returns Stir with the backends of a folder, loaded once. Throws what {@link StirHome#load}
     * throws.
     */
    Stir stir(StirHome home) {
        synchronized (loaded) {
            var absolute = new StirHome(home.folder().toAbsolutePath().normalize());
            return loaded.computeIfAbsent(absolute, StirHome::load);
        }
    }

    /**
     * Runs work with an idle study, which is opened if there is none. The study is reused only
     * after success or a failure caused by the user's data, since other failures, such as an
     * interruption, may have closed its files.
     */
    void with(StudyPlace place, Consumer<OpenStudy> work) {
        var study = take(place);
        boolean reusable = false;
        try {
            work.accept(study);
            reusable = true;
        } catch (UsageException | DataException e) {
            reusable = true;
            throw e;
        } finally {
            if (reusable) {
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
