package stir.core.network;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Experimental;
import stir.api.Remedy;
import stir.api.Scope;
import stir.api.Shape;
import stir.api.SideInputs;
import stir.api.support.WholeNumbers;
import stir.core.inputs.Inputs;
import stir.core.io.arrays.NpyReader;

/**
 * The rows of a network's side inputs, read from their files by the index of the searched input.
 * Thread-safe.
 *
 * @since 0.1.0
 */
@Experimental
public final class SideRows implements AutoCloseable {
    private final Map<String, NpyReader> files = new TreeMap<>();
    private final Map<String, SideInputs.Side> sides = new TreeMap<>();
    private final Optional<String> searched;

    private SideRows(Optional<String> searched) {
        this.searched = searched;
    }

    /**
     * Opens the files of given inputs and checks their values.
     *
     * @throws DataException if a file can't be read, or holds values that can't be given
     */
    public static SideRows open(ModelInputs inputs) {
        var rows = new SideRows(inputs.searched());
        try {
            inputs.given().forEach(rows::add);
            return rows;
        } catch (RuntimeException e) {
            rows.close();
            throw e;
        }
    }

    private void add(String name, GivenInput given) {
        if (given instanceof GivenInput.Constant constant) {
            var value = Batch.of(Shape.of(), constant.value());
            sides.put(name, new SideInputs.Side(constant.type(), true, value));
        } else if (given instanceof GivenInput.OfRows rows) {
            var file = rows.file();
            var reader = NpyReader.isArchive(file) ? NpyReader.open(file, name) : NpyReader.open(file);
            files.put(name, reader);
            check(reader);
            var example = Batch.allocate(1, reader.rowShape());
            reader.read(0, example, 0);
            sides.put(name, new SideInputs.Side(type(reader), false, example));
        }
    }

    private static SideInputs.Type type(NpyReader reader) {
        if (reader.isTruth()) {
            return SideInputs.Type.BOOLEAN;
        }
        return reader.isOtherInteger() || reader.isUnsignedByte() ? SideInputs.Type.INTEGER : SideInputs.Type.FLOAT;
    }

    private static void check(NpyReader reader) {
        if (reader.count() == 0) {
            throw new DataException(reader + " has no rows: save one row per input.");
        }
        boolean whole = type(reader) == SideInputs.Type.INTEGER;
        var values = new double[reader.rowShape().size()];
        for (int row = 0; row < reader.count(); row++) {
            reader.read(row, values);
            for (double value : values) {
                if (!Float.isFinite((float) value) || (whole && Math.abs(value) > WholeNumbers.LARGEST)) {
                    throw new DataException(
                            "%s contains %s in row %d (counting from 0): use %s."
                                    .formatted(
                                            reader.source(),
                                            value,
                                            row,
                                            whole ? "integers up to " + WholeNumbers.LARGEST : "finite values"),
                            Remedy.GIVE_INPUT);
                }
            }
        }
    }

    /** Returns the description of the side inputs for a backend. */
    public SideInputs described() {
        return new SideInputs(searched, sides);
    }

    /** Returns whether there are rows, and so inputs that differ in their side inputs. */
    public boolean isOfRows() {
        return !files.isEmpty();
    }

    /**
     * Checks that there is one row per input.
     *
     * @throws DataException if there are more or fewer rows
     */
    public void check(Inputs inputs) {
        for (var file : files.entrySet()) {
            int rows = file.getValue().count();
            if (rows != inputs.count() && rows != inputs.facts().total()) {
                var source = file.getValue().source();
                throw new DataException(
                        "%s has %d rows for the input '%s', but there are %d inputs: save one row per input."
                                .formatted(
                                        source,
                                        rows,
                                        file.getKey(),
                                        inputs.facts().total()),
                        Remedy.GIVE_INPUT);
            }
        }
    }

    /** Returns the same rows of the searched input, with memory for the side inputs. */
    public Batch withMemory(Batch searched) {
        var memory = new LinkedHashMap<String, Batch>();
        files.forEach((name, reader) -> memory.put(name, Batch.allocate(searched.rows(), reader.rowShape())));
        return memory.isEmpty() ? searched : searched.withSide(memory);
    }

    /**
     * Reads the rows for all side inputs.
     *
     * @param index the index of the input
     * @param into has memory of {@link #withMemory}
     * @param row the row of the batch to write
     */
    public void read(int index, Batch into, int row) {
        for (var side : into.side().entrySet()) {
            var reader = files.get(side.getKey());
            if (reader != null) {
                reader.read(index % reader.count(), side.getValue(), row);
            }
        }
    }

    /** Closes the files. Idempotent. */
    @Override
    public void close() {
        try (var scope = new Scope()) {
            files.values().forEach(scope::own);
        }
    }
}
