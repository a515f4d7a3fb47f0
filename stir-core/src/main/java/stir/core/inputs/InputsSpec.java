package stir.core.inputs;

import stir.api.DataException;
import stir.api.UsageException;
import stir.core.files.ExistingPath;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Inputs as they lie on the disk, and how they are read.
 *
 * @param path a file or folder
 * @param array which array of an {@code .npz} archive is meant; empty for the only one that can be
 *     inputs
 * @param framing how images are brought to one size
 * @since 0.1.0
 */
public record InputsSpec(Path path, Optional<String> array, Framing framing) {
    /** Checks that all is there. */
    public InputsSpec {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(array, "array");
        Objects.requireNonNull(framing, "framing");
    }

    /** What lies at a path, as it is. */
    public static InputsSpec of(Path path) {
        return new InputsSpec(path, Optional.empty(), Framing.NONE);
    }

    /** The same, with images brought to one size. */
    public InputsSpec withFraming(Framing other) {
        return new InputsSpec(path, array, other);
    }

    /** The same, from this array of an archive. */
    public InputsSpec withArray(String other) {
        return new InputsSpec(path, Optional.of(other), framing);
    }

    /**
     * Opens the inputs, which are known by what they are: a folder of images (PNG, JPEG, TIFF or
     * BMP, with its subfolders, sorted by path; if each image is in a subfolder, the subfolders'
     * names in their order are the classes), a {@code .npy} or {@code .npz} array of N x H x W, N x
     * C x H x W, N x H x W x C or N x length (labels are the archive's array {@code labels} or
     * {@code y}), MNIST's IDX files (also {@code .gz}; the labels are taken from the file beside
     * it), or CIFAR's binary batches.
     *
     * @throws UsageException if there is nothing at the path, or no such array
     * @throws DataException if what is there can't be read as inputs, or images have several sizes
     */
    public Inputs open() {
        return open(true);
    }

    /**
     * Opens the inputs.
     *
     * @param bounded whether values outside [0,1] are refused
     */
    Inputs open(boolean bounded) {
        ExistingPath.check(List.of(path));
        var name = path.getFileName() == null ? "" : path.getFileName().toString();
        if (array.isPresent() && !name.toLowerCase(Locale.ROOT).endsWith(".npz")) {
            throw new UsageException(
                    "%s is not an .npz archive, so it has no array '%s': leave the array's name out."
                            .formatted(path, array.get()));
        }
        if (Files.isDirectory(path)) {
            return ImageFolder.open(path, framing);
        }
        var lower = name.toLowerCase(Locale.ROOT);
        var inputs =
                lower.endsWith(".npy") || lower.endsWith(".npz")
                        ? ArrayInputs.open(path, array, bounded)
                        : ByteImages.open(path);
        return framing.changes() ? FramedInputs.of(inputs, framing) : inputs;
    }
}
