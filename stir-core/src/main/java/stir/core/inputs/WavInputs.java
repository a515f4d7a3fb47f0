package stir.core.inputs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Remedy;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.io.arrays.WavFile;

/**
 * A {@code .wav} file, or those in a folder: one channel of each, with the same rate and length.
 *
 * @param facts the source, rate, channel and classes
 * @param files the names of the files
 * @param sounds their headers
 * @param at the channel that is read, from 0
 */
record WavInputs(InputFacts facts, FolderFiles files, List<WavFile> sounds, int at) implements Inputs {
    private static final Set<String> ENDINGS = Set.of("wav");

    /** Returns whether a path names a {@code .wav} file. */
    static boolean isSound(Path path) {
        return path.toString().toLowerCase(Locale.ROOT).endsWith(".wav");
    }

    /** Returns the sounds of a folder, or a single one; none if the folder holds none. */
    static FolderFiles files(Path path) {
        var file = path.toAbsolutePath();
        var folder = file.getParent();
        return Files.isDirectory(path) || folder == null
                ? FolderFiles.in(path, ENDINGS, "a sound")
                : new FolderFiles(folder, List.of(file), List.of());
    }

    /** Returns whether there are sounds at a path that have several channels. */
    static boolean haveChannels(Path path) {
        return (Files.isDirectory(path) || (isSound(path) && Files.exists(path)))
                && files(path).files().stream()
                        .anyMatch(file -> WavFile.open(file).channels() > 1);
    }

    /**
     * Opens files.
     *
     * @param chosen the number of the channel, from 1; empty for files with a single channel
     * @throws DataException if a file can't be read, or they differ in length or rate
     */
    static WavInputs open(FolderFiles files, Optional<String> chosen) {
        var sounds = files.files().stream().map(WavFile::open).toList();
        var first = sounds.get(0);
        int channel = channel(chosen);
        for (int i = 0; i < sounds.size(); i++) {
            var sound = sounds.get(i);
            if (sound.rate() != first.rate()) {
                throw new DataException(
                        "The sounds in %s differ in rate: %s has %d samples per second, but %s has %d: resample them to one rate."
                                .formatted(files.folder(), files.name(0), first.rate(), files.name(i), sound.rate()));
            }
            if (sound.count() != first.count()) {
                throw new DataException(
                        "The sounds in %s differ in length: %s has %d samples, but %s has %d: cut or pad them to one length."
                                .formatted(files.folder(), files.name(0), first.count(), files.name(i), sound.count()));
            }
            if (sound.channels() > 1 && chosen.isEmpty()) {
                throw new UsageException(
                        "%s has %d channels: choose the channel to read.".formatted(sound.file(), sound.channels()),
                        Remedy.NAME_CHANNEL);
            }
            if (channel >= sound.channels()) {
                throw new UsageException(
                        "%s has no channel %d: its channels are numbered from 1 to %d."
                                .formatted(sound.file(), channel + 1, sound.channels()),
                        Remedy.NAME_CHANNEL);
            }
        }
        var source = sounds.size() == 1 ? first.file() : files.folder();
        var number = chosen.isPresent() ? OptionalInt.of(channel + 1) : OptionalInt.empty();
        var facts = InputFacts.of(source.toString(), sounds.size())
                .withSound(new InputFacts.Sound(first.rate(), number))
                .withLabels(files::label);
        return new WavInputs(facts, files, sounds, channel);
    }

    private static int channel(Optional<String> chosen) {
        var text = chosen.orElse("1");
        if (!text.matches("[1-9]\\d{0,4}")) {
            throw new UsageException(
                    "'%s' is not the number of a channel: channels are numbered from 1.".formatted(text),
                    Remedy.NAME_CHANNEL);
        }
        return Integer.parseInt(text) - 1;
    }

    @Override
    public Shape shape() {
        return Shape.of(sounds.get(0).count());
    }

    @Override
    public String name(int index) {
        return files.name(index);
    }

    @Override
    public void read(int index, Batch into, int row) {
        var samples = sounds.get(index).samples(at);
        into.buffer().put(row * samples.length, samples);
    }
}
