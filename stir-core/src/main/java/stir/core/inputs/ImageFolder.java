package stir.core.inputs;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Remedy;
import stir.api.Shape;
import stir.core.io.files.ExistingPath;

/**
 * The images of a folder and its subfolders, sorted by path. All have the same size, at least after
 * they are resized and cropped; if one is in colour, all have three channels. Pixels are used as
 * stored: an orientation in a photo's EXIF data is not applied, as in torchvision's {@code
 * ImageFolder}.
 */
final class ImageFolder implements Inputs {
    private static final Set<String> ENDINGS = Set.of("png", "jpg", "jpeg", "tif", "tiff", "bmp");
    private static final Set<String> UNREAD =
            Set.of("webp", "gif", "heic", "heif", "avif", "jfif", "jp2", "jxl", "pgm", "ppm", "svg", "tga");
    private static final int MOST_BITS = 16;

    private final FolderFiles files;
    private final Shape shape;
    private final ResizeAndCrop resizeAndCrop;
    private final InputFacts facts;

    /** Resized images, kept while memory allows, because photos are slow to decode. */
    private final AtomicReferenceArray<@Nullable SoftReference<float[]>> prepared;

    private ImageFolder(FolderFiles files, Shape shape, ResizeAndCrop resizeAndCrop) {
        this.files = files;
        this.shape = shape;
        this.resizeAndCrop = resizeAndCrop;
        this.facts = InputFacts.of(files.folder().toString(), files.files().size())
                .withFraming(resizeAndCrop)
                .withLabels(files::label);
        this.prepared = new AtomicReferenceArray<>(files.files().size());
    }

    /** Returns the images of a folder; none if it holds none. */
    static FolderFiles files(Path folder) {
        return FolderFiles.in(folder, ENDINGS, "an image");
    }

    static ImageFolder open(FolderFiles folderFiles, ResizeAndCrop resizeAndCrop) {
        var folder = folderFiles.folder();
        var files = folderFiles.files();
        if (files.isEmpty()) {
            throw new DataException(folder
                    + " contains no images: put PNG, JPEG, TIFF or BMP files into it, or"
                    + " choose another folder.");
        }
        var unread = FolderFiles.in(folder, UNREAD, "an image").files();
        if (!unread.isEmpty()) {
            throw new DataException(unread.get(0)
                    + " is an image of a format that is not read: convert it to PNG, or move"
                    + " it out of the folder.");
        }
        var first = header(files.get(0));
        var size = resizeAndCrop.size(first.size(), files.get(0).toString());
        boolean colour = false;
        for (Path file : files) {
            var header = header(file);
            colour |= header.colour();
            if (!resizeAndCrop.size(header.size(), file.toString()).equals(size)) {
                throw new DataException(
                        "The images in %s differ in size%s: %s is %d x %d, but %s is %d x %d (width x height): bring them to one size."
                                .formatted(
                                        folder,
                                        resizeAndCrop.changes() ? ", also when " + resizeAndCrop : "",
                                        folder.relativize(files.get(0)),
                                        first.size().width(),
                                        first.size().height(),
                                        folder.relativize(file),
                                        header.size().width(),
                                        header.size().height()),
                        Remedy.UNIFY_IMAGE_SIZE);
            }
        }
        return new ImageFolder(folderFiles, Shape.of(colour ? 3 : 1, size.height(), size.width()), resizeAndCrop);
    }

    private record Header(PixelSize size, boolean colour) {}

    /** Reads the size and the colour without decoding the pixels. */
    private static Header header(Path file) {
        PngText.check(file);
        try (var in = ImageIO.createImageInputStream(file.toFile())) {
            var reader = reader(file, in);
            try {
                reader.setInput(in, true, true);
                var type = reader.getRawImageType(0);
                boolean grey = type != null && isGrey(type.getColorModel().getColorSpace());
                boolean palette = type != null && type.getColorModel() instanceof IndexColorModel;
                return new Header(new PixelSize(reader.getHeight(0), reader.getWidth(0)), palette || !grey);
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException e) {
            throw e instanceof DataException known ? known : unreadable(file, e);
        }
    }

    private static ImageReader reader(Path file, ImageInputStream in) {
        var readers = ImageIO.getImageReaders(in);
        if (!readers.hasNext()) {
            throw unreadable(file, null);
        }
        return readers.next();
    }

    /** Refuses a JPEG that ends early, by the text of libjpeg, which would fill it with grey. */
    private static void checkWhole(Path file, String warning) {
        if (warning.contains("premature end of data")) {
            throw new DataException(file + " is truncated or damaged: copy the image again, or remove it.");
        }
    }

    private static boolean isGrey(ColorSpace space) {
        return space.getType() == ColorSpace.TYPE_GRAY;
    }

    private static DataException unreadable(Path file, @Nullable Exception cause) {
        return new DataException(
                ExistingPath.notInUtf8(file).orElse(file + " is not an image that can be read: replace or remove it."),
                cause);
    }

    @Override
    public InputFacts facts() {
        return facts;
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public String name(int index) {
        return files.name(index);
    }

    @Override
    public void read(int index, Batch into, int row) {
        var known = prepared.get(index);
        var values = known == null ? null : known.get();
        if (values == null) {
            values = prepared(files.files().get(index));
            if (resizeAndCrop.changes()) {
                prepared.set(index, new SoftReference<>(values));
            }
        }
        into.buffer().put(row * values.length, values);
    }

    private float[] prepared(Path file) {
        BufferedImage image;
        try (var in = ImageIO.createImageInputStream(file.toFile())) {
            var reader = reader(file, in);
            try {
                reader.setInput(in, true, true);
                reader.addIIOReadWarningListener((from, warning) -> checkWhole(file, warning));
                image = reader.read(0);
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException e) {
            throw e instanceof DataException known ? known : unreadable(file, e);
        }
        if (image.getColorModel().getComponentSize(0) > MOST_BITS) {
            throw unreadable(file, null);
        }
        var values = resizeAndCrop.apply(values(image), new PixelSize(image.getHeight(), image.getWidth()));
        if (values.length != shape.size()) { // the file was replaced after its header was read
            throw unreadable(file, null);
        }
        return values;
    }

    private float[] values(BufferedImage image) {
        var model = image.getColorModel();
        boolean grey = isGrey(model.getColorSpace());
        boolean samples = !(model instanceof IndexColorModel)
                && (grey || model.getColorSpace().isCS_sRGB());
        var raster = image.getRaster();
        float highest = (1 << model.getComponentSize(0)) - 1;
        int width = image.getWidth();
        int pixels = width * image.getHeight();
        var values = new float[shape.dimension(0) * pixels];
        for (int channel = 0; channel < shape.dimension(0); channel++) {
            int band = grey ? 0 : channel;
            for (int y = 0; y < image.getHeight(); y++) {
                for (int x = 0; x < width; x++) {
                    // A grey image's samples are taken as they are: getRGB would convert them from
                    // linear light.
                    values[channel * pixels + y * width + x] = samples
                            ? raster.getSample(x, y, band) / highest
                            : (image.getRGB(x, y) >> (16 - 8 * channel) & 0xff) / 255f;
                }
            }
        }
        return values;
    }
}
