package stir.core.internal;

import stir.core.inputs.Inputs;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.ResultFolder;
import stir.core.network.pass.HookedNetwork;
import stir.core.progress.ProgressListener;
import stir.core.store.FoundRows;
import stir.core.store.Identity;
import stir.core.store.Milestones;
import stir.core.store.RowLayout;
import stir.core.store.RowsInFolder;
import stir.core.store.RowsInMemory;

import java.util.Optional;

/**
 * Where searches for the same inputs are kept: in memory, or in a folder and folders in it.
 *
 * @param folder the folder; empty for memory
 * @param inputs the inputs
 * @param inputsHash their hash, which is not needed in memory
 */
public record Keeping(Optional<ResultFolder> folder, Inputs inputs, String inputsHash) {
    /** Keeps searches in a folder, if there is one. */
    public static Keeping of(Optional<ResultFolder> folder, Inputs inputs) {
        return new Keeping(folder, inputs, folder.isPresent() ? SearchIdentity.hash(inputs) : "");
    }

    /** The same in a folder of the folder. */
    Keeping within(String name) {
        return new Keeping(folder.map(all -> all.within(name)), inputs, inputsHash);
    }

    /** What a search for the inputs depends on. */
    Identity identity(HookedNetwork reference, InversionSettings settings) {
        return SearchIdentity.of(reference, inputs, inputsHash, settings);
    }

    /** Opens the place of a search. */
    public FoundRows open(
            HookedNetwork reference, InversionSettings settings, ProgressListener listener) {
        var layout = new RowLayout(inputs.count(), inputs.shape(), Milestones.of(settings));
        return folder.<FoundRows>map(
                        place ->
                                RowsInFolder.open(
                                        place,
                                        identity(reference, settings),
                                        layout,
                                        listener::note))
                .orElseGet(() -> new RowsInMemory(layout));
    }
}
