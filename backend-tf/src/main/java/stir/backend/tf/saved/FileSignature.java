package stir.backend.tf.saved;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import stir.api.Recognition;

/** The recognition of TensorFlow's files by their first bytes. */
public final class FileSignature {
    private static final int SCHEMA_VERSION = 1; // SavedModel.saved_model_schema_version
    private static final int META_GRAPHS = 2; // SavedModel.meta_graphs
    private static final int NODE = 1; // GraphDef.node
    private static final int NAME = 1; // NodeDef.name
    private static final int OPERATION = 2; // NodeDef.op
    private static final int MAX_NAME_LENGTH = 1000;

    private static final String LITE = "TFL3";
    private static final int LITE_START = 4;

    private FileSignature() {}

    public static Recognition recognise(Path file) {
        try {
            if (Files.isDirectory(file)) {
                return recogniseFolder(file);
            }
            if (!Files.isRegularFile(file)) {
                return Recognition.NONE;
            }
            if (isLite(file)) {
                return Recognition.BY_CONTENT; // opening it explains what to do
            }
            if (isFrozenGraph(file) || isSavedModel(file)) {
                return Recognition.BY_CONTENT;
            }
            var name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
            // opening it explains how to export it first
            return name.endsWith(".keras") || name.endsWith(".h5") || name.endsWith(".hdf5")
                    ? Recognition.BY_NAME
                    : Recognition.NONE;
        } catch (IOException | RuntimeException e) {
            return Recognition.NONE; // unreadable, so not recognised
        }
    }

    /** Recognises a folder by a SavedModel's file names, even if it is damaged. */
    private static Recognition recogniseFolder(Path folder) throws IOException {
        var model = folder.resolve(TensorFlowFile.SAVED_MODEL);
        if (!Files.isRegularFile(model)) {
            boolean likely = Files.isDirectory(folder.resolve(TensorFlowFile.VARIABLES))
                    || Files.isRegularFile(folder.resolve(TensorFlowFile.CHECKPOINT));
            return likely // opening it explains what is missing
                    ? Recognition.BY_NAME
                    : Recognition.NONE;
        }
        return isSavedModel(model) ? Recognition.BY_CONTENT : Recognition.BY_NAME;
    }

    /** Returns whether a file is TensorFlow Lite's: four letters follow the first number. */
    static boolean isLite(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var first = in.readNBytes(LITE_START + LITE.length());
            return first.length == LITE_START + LITE.length()
                    && new String(first, LITE_START, LITE.length(), StandardCharsets.ISO_8859_1).equals(LITE);
        }
    }

    private static boolean isSavedModel(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var coded = CodedInputStream.newInstance(in);
            return coded.readTag() == tag(SCHEMA_VERSION, WireFormat.WIRETYPE_VARINT)
                    && coded.readUInt64() == 1
                    && coded.readTag() == tag(META_GRAPHS, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        } catch (InvalidProtocolBufferException e) {
            return false;
        }
    }

    /**
     * Returns whether a file is a frozen graph: it begins with a node, which begins with its name
     * and its operation.
     */
    private static boolean isFrozenGraph(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var coded = CodedInputStream.newInstance(in);
            if (coded.readTag() != tag(NODE, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
                return false;
            }
            coded.readRawVarint32();
            return readWord(coded, NAME, "[A-Za-z0-9.][A-Za-z0-9_>./\\\\-]*")
                    && readWord(coded, OPERATION, "[A-Za-z0-9_>]+");
        } catch (InvalidProtocolBufferException e) {
            return false;
        }
    }

    private static boolean readWord(CodedInputStream coded, int field, String pattern) throws IOException {
        if (coded.readTag() != tag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
            return false;
        }
        int length = coded.readRawVarint32();
        if (length < 1 || length > MAX_NAME_LENGTH) {
            return false;
        }
        var word = new String(coded.readRawBytes(length), StandardCharsets.UTF_8);
        return word.matches(pattern);
    }

    private static int tag(int field, int wireType) {
        return field << 3 | wireType;
    }
}
