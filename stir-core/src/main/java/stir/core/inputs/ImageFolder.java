package stir.core.inputs;

import org.jspecify.annotations.Nullable;

import stir.api.Batch;
import stir.api.DataException;
import stir.api.Shape;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.Stream;

import javax.imageio.ImageIO;

/**
 * The PNG and JPEG images of a folder and its subfolders, sorted by path. All have the same size;
 * if one is in colour, all have three channels.
 */
final class ImageFolder implements Inputs {
    private final Path folder;
    private final List<Path> files;
    private final Shape shape;

    private ImageFolder(Path folder, List<Path> files, Shape shape) {
        this.folder = folder;
        this.files = files;
        this.shape = shape;
    }

    static ImageFolder open(Path folder) {
        List<Path> files;
        try (Stream<Path> found = Files.walk(folder)) {
            files = found.filter(ImageFolder::isImage).sorted().toList();
        } catch (IOException | UncheckedIOException e) {
            throw new DataException(
                    "The folder %s could not be read (%s): check its permissions."
                            .formatted(folder, e.getMessage()),
                    e);
        }
        if (files.isEmpty()) {
            throw new DataException(
                    folder
                            + " holds no images: put PNG or JPEG files into it, or name another folder.");
        }
        var first = header(files.get(0));
        boolean colour = false;
        for (Path file : files) {
            var header = header(file);
            colour |= header.colour();
            if (header.width() != first.width() || header.height() != first.height()) {
                throw new DataException(
                        "The images in %s differ in size: %s is %d x %d, but %s is %d x %d. Bring them to one size."
                                .formatted(
                                        folder,
                                        folder.relativize(files.get(0)),
                                        first.width(),
                                        first.height(),
                                        folder.relativize(file),
                                        header.width(),
                                        header.height()));
            }
        }
        return new ImageFolder(
                folder, files, Shape.of(colour ? 3 : 1, first.height(), first.width()));
    }

    private static boolean isImage(Path file) {
        var name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return !name.startsWith(".")
                && (name.endsWith(".png") || name.endsWith(".jpg") || name.endsWith(".jpeg"))
                && Files.isRegularFile(file);
    }

    private record Header(int width, int height, boolean colour) {}

    /** Size and colour, without decoding the pixels. */
    private static Header header(Path file) {
        try (var in = ImageIO.createImageInputStream(file.toFile())) {
            var readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw unreadable(file, null);
            }
            var reader = readers.next();
            try {
                reader.setInput(in);
                var type = reader.getRawImageType(0);
                boolean grey = type != null && isGrey(type.getColorModel().getColorSpace());
                boolean palette = type != null && type.getColorModel() instanceof IndexColorModel;
                return new Header(reader.getWidth(0), reader.getHeight(0), palette || !grey);
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException e) {
            throw e instanceof DataException known ? known : unreadable(file, e);
        }
    }

    private static boolean isGrey(ColorSpace space) {
        return space.getType() == ColorSpace.TYPE_GRAY;
    }

    private static DataException unreadable(Path file, @Nullable Exception cause) {
        return new DataException(
                file + " is no PNG or JPEG image that can be read: replace or remove it.", cause);
    }

    @Override
    public String source() {
        return folder.toString();
    }

    @Override
    public int count() {
        return files.size();
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public String name(int index) {
        return folder.relativize(files.get(index)).toString();
    }

    @Override
    public OptionalInt label(int index) {
        return OptionalInt.empty();
    }

    @Override
    public void read(int index, Batch into, int row) {
        var file = files.get(index);
        BufferedImage image;
        try {
            image = ImageIO.read(file.toFile());
        } catch (IOException | RuntimeException e) {
            throw unreadable(file, e);
        }
        if (image == null
                || image.getHeight() != shape.dimension(1)
                || image.getWidth() != shape.dimension(2)) {
            throw unreadable(file, null);
        }
        copy(image, into, row);
    }

    private void copy(BufferedImage image, Batch into, int row) {
        var model = image.getColorModel();
        boolean grey = isGrey(model.getColorSpace());
        boolean samples =
                !(model instanceof IndexColorModel) && (grey || model.getColorSpace().isCS_sRGB());
        var raster = image.getRaster();
        float highest = (1 << model.getComponentSize(0)) - 1;
        int pixels = shape.dimension(1) * shape.dimension(2);
        for (int channel = 0; channel < shape.dimension(0); channel++) {
            int band = grey ? 0 : channel;
            for (int y = 0; y < shape.dimension(1); y++) {
                for (int x = 0; x < shape.dimension(2); x++) {
                    // A grey image's samples are taken as they are: getRGB would convert them from
                    // linear light.
                    float value =
                            samples
                                    ? raster.getSample(x, y, band) / highest
                                    : (image.getRGB(x, y) >> (16 - 8 * channel) & 0xff) / 255f;
                    into.set(row, channel * pixels + y * shape.dimension(2) + x, value);
                }
            }
        }
    }
}
