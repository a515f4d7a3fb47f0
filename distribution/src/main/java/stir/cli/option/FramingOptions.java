package stir.cli.option;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;
import stir.core.inputs.InputsSpec;
import stir.core.inputs.Interpolation;
import stir.core.inputs.RangeChoice;
import stir.core.inputs.ResizeAndCrop;

/** The options that choose the array of an archive, the size of images and the range of values. */
final class FramingOptions {
    @Option(
            names = "--resize",
            paramLabel = "SIZE",
            description = "Resize images first: 256 is the shorter side, 160x224 the exact"
                    + " height x width."
                    + " The filter is antialiased, like Pillow's and torchvision's.")
    Optional<String> resize = Optional.empty();

    @Option(
            names = "--crop",
            paramLabel = "SIZE",
            description = "Crop images to their centre: 224, or 160x224 for height x width.")
    Optional<String> crop = Optional.empty();

    @Option(names = "--size", paramLabel = "SIZE", description = "Short for --resize SIZE --crop SIZE, for photos.")
    Optional<String> size = Optional.empty();

    @Option(
            names = "--interpolation",
            paramLabel = "WORD",
            description = "Filter of --resize: bilinear or bicubic (default: bilinear).")
    Optional<Interpolation> interpolation = Optional.empty();

    @Option(
            names = "--array",
            paramLabel = "NAME",
            description = "Array of an .npz archive with the inputs (default: the only suitable array).")
    Optional<String> array = Optional.empty();

    @Option(
            names = "--channel",
            paramLabel = "N",
            description = "Channel to read from .wav files, from 1 (default: the only one; required if"
                    + " there are several).")
    Optional<String> channel = Optional.empty();

    @Option(
            names = "--range",
            paramLabel = "RANGE",
            description = "Range of the inputs' values, which bounds the search (default: 0,1; for"
                    + " .wav files -1,1): LOW,HIGH or one pair per channel, as in -1,1/0,5; data"
                    + " for the range of each channel in the inputs, plus a tenth of its width at"
                    + " each end; free for that range plus its whole width at each end. A column of"
                    + " a table is a channel. Networks receive values of the range; distances,"
                    + " radii and seeds are fractions of it.")
    Optional<RangeChoice> range = Optional.empty();

    @Option(
            names = "--fixed",
            paramLabel = "MASK.npy",
            description =
                    "Mask of the elements that stay fixed during the search (not 0): one mask with the shape of an input, or one row per input.")
    Optional<Path> fixed = Optional.empty();

    /** Returns whether any of these options is given. */
    boolean isAsked() {
        return interpolation.isPresent()
                || range.isPresent()
                || fixed.isPresent()
                || Stream.of(resize, crop, size, array, channel).anyMatch(Optional::isPresent);
    }

    /**
     * Returns inputs to which these options are applied; the other settings stay.
     *
     * @throws stir.api.UsageException if a text is not a size
     */
    InputsSpec over(InputsSpec inputs) {
        var named = array.or(() -> channel).map(inputs::withArray).orElse(inputs);
        var ranged = range.map(named::withRange).orElse(named);
        var chosen = fixed.map(ranged::withFixed).orElse(ranged);
        var kept = chosen.resizeAndCrop().interpolation();
        if (resize.isEmpty() && crop.isEmpty() && size.isEmpty()) {
            var same = chosen.resizeAndCrop();
            return chosen.withResizeAndCrop(new ResizeAndCrop(same.resize(), same.crop(), interpolation.orElse(kept)));
        }
        return chosen.withResizeAndCrop(ResizeAndCrop.parse(resize, crop, size, interpolation.orElse(kept)));
    }
}
