package stir.cli.option;

import picocli.CommandLine.Option;

import stir.core.inputs.InputsSpec;
import stir.core.inputs.Interpolation;
import stir.core.inputs.ResizeAndCrop;

import java.util.Optional;
import java.util.stream.Stream;

/** How inputs are read: which array of an archive, and how images are brought to one size. */
final class FramingOptions {
    @Option(
            names = "--resize",
            paramLabel = "SIZE",
            description =
                    "Resizes images first: 256 is the shorter side, 160x224 height x width exactly."
                            + " The filter is antialiased, as Pillow's and torchvision's.")
    Optional<String> resize = Optional.empty();

    @Option(
            names = "--crop",
            paramLabel = "SIZE",
            description = "Keeps the centre of the images: 224, or 160x224 for height x width.")
    Optional<String> crop = Optional.empty();

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            description = "Short for --resize SIZE --crop SIZE, the usual way for photos.")
    Optional<String> size = Optional.empty();

    @Option(
            names = "--interpolation",
            paramLabel = "WORD",
            description = "The filter of --resize: bilinear or bicubic (default: bilinear).")
    Optional<Interpolation> interpolation = Optional.empty();

    @Option(
            names = "--array",
            paramLabel = "NAME",
            description =
                    "The array of an .npz archive that holds the inputs (default: the only one that"
                            + " can).")
    Optional<String> array = Optional.empty();

    /** Whether anything is asked for. */
    boolean isAsked() {
        return interpolation.isPresent()
                || Stream.of(resize, crop, size, array).anyMatch(Optional::isPresent);
    }

    /**
     * Inputs read so; what no option names stays as it is.
     *
     * @throws stir.api.UsageException if a size is none
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
