package stir.core.inputs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import stir.api.DataException;
import stir.api.UsageException;
import stir.core.io.arrays.NpyReader;
import stir.core.io.files.ExistingPath;

/**
 * The specification of inputs: their place on the disk, and how to read them.
 *
 * @param path a file or folder
 * @param array the name of the array in an {@code .npz} archive, or the number of the channel of
 *     {@code .wav} files, from 1; empty for the only one that can hold inputs
 * @param resizeAndCrop the transformation that gives all images one size
 * @param range the range of their values; empty for [0,1], and [-1,1] of {@code .wav} files
 * @param fixed an array in which the elements that a search leaves as they are, are not 0: of the
 *     shape of one input, or one row per input; empty for none
 * @since 0.1.0
 */
public record InputsSpec(
        Path path,
        Optional<String> array,
        ResizeAndCrop resizeAndCrop,
        Optional<RangeChoice> range,
        Optional<Path> fixed) {
    /** Creates a specification of a path, without resizing. */
    public static InputsSpec of(Path path) {
        return new InputsSpec(path, Optional.empty(), ResizeAndCrop.NONE, Optional.empty(), Optional.empty());
    }

    /** Returns a copy with another transformation of images. */
    public InputsSpec withResizeAndCrop(ResizeAndCrop other) {
        return new InputsSpec(path, array, other, range, fixed);
    }

    /** Returns a copy with an array of the archive. */
    public InputsSpec withArray(String other) {
        return new InputsSpec(path, Optional.of(other), resizeAndCrop, range, fixed);
    }

    /**
     * Returns the same for inputs that belong to others, such as their seeds: of sounds that have
     * several channels, with the channel that was chosen for the others.
     */
    public InputsSpec withChannelOf(Inputs others) {
        var sound = others.facts().sound();
        return sound.isPresent() && sound.get().channel().isPresent() && WavInputs.haveChannels(path)
                ? withArray(String.valueOf(sound.get().channel().getAsInt()))
                : this;
    }

    /** Returns a copy with another range. */
    public InputsSpec withRange(RangeChoice other) {
        return new InputsSpec(path, array, resizeAndCrop, Optional.of(other), fixed);
    }

    /** Returns a copy with elements that a search leaves as they are. */
    public InputsSpec withFixed(Path other) {
        return new InputsSpec(path, array, resizeAndCrop, range, Optional.of(other));
    }

    /**
     * Opens the inputs. Their format is recognised: a folder of images (PNG, JPEG, TIFF or BMP,
     * with its subfolders, sorted by path; if each image is in a subfolder, the subfolders' names
     * in their order are the classes), a {@code .npy} or {@code .npz} array of N x H x W, N x C x H
     * x W, N x H x W x C or N x length (labels are the archive's array {@code labels} or {@code
     * y}), {@code .wav} files of one length and one rate, MNIST's IDX files (also {@code .gz}; the
     * labels come from the file next to it), or CIFAR's binary batches. Bytes are divided by 255.
     * With a range, inputs are read as values in [0,1] by {@link ValueRange}.
     *
     * @throws UsageException if nothing exists at the path, or the archive has no such array
     * @throws DataException if the file or folder can't be read as inputs, or images differ in size
     */
    public Inputs open() {
        return open(true);
    }

    /**
     * Opens the inputs as {@link #open()} does, but an array may contain any finite numbers, as
     * seeds do: noise around 0, for example.
     */
    public Inputs openUnbounded() {
        return open(false);
    }

    /** A kind of inputs, by their files. */
    public enum Kind {
        /** Image files, IDX and CIFAR's binary files. */
        IMAGES,
        /** {@code .wav} files. */
        SOUNDS,
        /** {@code .npy} and {@code .npz} files, which may contain either. */
        ARRAYS
    }

    /**
     * Returns the kind of the inputs, without opening them.
     *
     * @throws UsageException if nothing exists at the path
     * @throws DataException if a folder can't be read
     */
    public Kind kind() {
        ExistingPath.checkFileOrFolder(path);
        if (NpyReader.isArray(path)) {
            return Kind.ARRAYS;
        }
        boolean isSound =
                Files.isDirectory(path) ? ImageFolder.files(path).files().isEmpty() : WavInputs.isSound(path);
        return isSound ? Kind.SOUNDS : Kind.IMAGES;
    }

    private Inputs open(boolean bounded) {
        var inputs = read(bounded);
        return fixed.map(mask -> FixedInputs.of(inputs, mask)).orElse(inputs);
    }

    private Inputs read(boolean bounded) {
        ExistingPath.checkFileOrFolder(path);
        boolean isFolder = Files.isDirectory(path);
        var images = isFolder ? Optional.of(ImageFolder.files(path)) : Optional.<FolderFiles>empty();
        if (isFolder ? images.get().files().isEmpty() : WavInputs.isSound(path)) {
            var sounds = WavInputs.files(path);
            if (!sounds.files().isEmpty()) {
                var inputs = WavInputs.open(sounds, array);
                return bounded || range.isPresent() ? resized(sounds(inputs)) : inputs;
            }
        }
        if (array.isPresent() && !NpyReader.isArchive(path)) {
            throw new UsageException("%s is not an .npz archive, so it has no array '%s': omit the array name."
                    .formatted(path, array.get()));
        }
        if (images.isPresent()) {
            return ranged(ImageFolder.open(images.get(), resizeAndCrop));
        }
        var inputs = NpyReader.isArray(path)
                ? ArrayInputs.open(path, array, bounded && range.isEmpty())
                : ByteImages.open(path);
        return resized(ranged(inputs));
    }

    private Inputs sounds(Inputs inputs) {
        return RangedInputs.of(inputs, range.orElse(new RangeChoice.Given(ValueRange.of(-1, 1))));
    }

    private Inputs resized(Inputs inputs) {
        return resizeAndCrop.changes() ? ResizedInputs.of(inputs, resizeAndCrop) : inputs;
    }

    private Inputs ranged(Inputs inputs) {
        return range.map(choice -> RangedInputs.of(inputs, choice)).orElse(inputs);
    }
}
