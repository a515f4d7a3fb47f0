package stir.cli.option;

import picocli.CommandLine.Option;

import stir.core.inputs.InputsSpec;
import stir.core.inputs.Interpolation;
import stir.core.inputs.ResizeAndCrop;

import java.util.Optional;
import java.util.stream.Stream;

/** The options that choose the array of an archive and the size of images. */
final class FramingOptions {
    @Option(
            names = "--resize",
            paramLabel = "SIZE",
            description =
                    "Resize images first: 256 is the shorter side, 160x224 the exact"
                            + " height x width."
                            + " The filter is antialiased, like Pillow's and torchvision's.")
    Optional<String> resize = Optional.empty();

    @Option(
            names = "--crop",
            paramLabel = "SIZE",
            description = "Crop images to their centre: 224, or 160x224 for height x width.")
    Optional<String> crop = Optional.empty();

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            description = "Short for --resize SIZE --crop SIZE, as usual for photos.")
    Optional<String> size = Optional.empty();

    @Option(
            names = "--interpolation",
            paramLabel = "WORD",
            description = "Filter of --resize: bilinear or bicubic (default: bilinear).")
    Optional<Interpolation> interpolation = Optional.empty();

    @Option(
            names = "--array",
            paramLabel = "NAME",
            description =
                    "Array of an .npz archive that holds the inputs (default: the only"
                            + " suitable one).")
    Optional<String> array = Optional.empty();

    /** Returns whether any of these options is given. */
    boolean isAsked() {
        return interpolation.isPresent()
                || Stream.of(resize, crop, size, array).anyMatch(Optional::isPresent);
    }

    /**
     * Returns inputs to which these options are applied; the other settings stay.
     *
     * @throws stir.api.UsageException if a text is not a size
     */
    InputsSpec over(InputsSpec inputs) {
        var chosen = array.map(inputs::withArray).orElse(inputs);
        var kept = chosen.resizeAndCrop().interpolation();
        if (resize.isEmpty() && crop.isEmpty() && size.isEmpty()) {
            var same = chosen.resizeAndCrop();
            return chosen.withResizeAndCrop(
                    new ResizeAndCrop(same.resize(), same.crop(), interpolation.orElse(kept)));
        }
        return chosen.withResizeAndCrop(
                ResizeAndCrop.parse(resize, crop, size, interpolation.orElse(kept)));
    }
}
