package stir.cli;

import stir.cli.report.ProgressDisplay;
import stir.core.progress.Progress;
import stir.core.study.StudyListener;

/**
 * Tells steps above the bar, which tells the passes within a step.
 *
 * @param bar the bar
 * @param messages where steps are told
 * @param shown whether they are
 */
record Steps(ProgressDisplay bar, Messages messages, boolean shown) implements StudyListener {
    @Override
    public void step(String line) {
        if (shown) {
            bar.close();
            messages.say(line);
        }
    }

    @Override
    public void update(Progress progress) {
        bar.update(progress);
    }

    @Override
    public void note(String sentence) {
        bar.note(sentence);
    }
}
