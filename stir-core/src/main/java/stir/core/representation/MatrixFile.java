package stir.core.representation;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import stir.api.DataException;
import stir.api.Matrix;
import stir.api.UsageException;
import stir.api.support.IoReason;
import stir.core.io.arrays.NpyReader;
import stir.core.io.files.ExistingPath;

/**
 * The reader of matrices of representations: {@code .npy}, {@code .npz}, and {@code .csv}.
 *
 * @since 0.1.0
 */
public final class MatrixFile {
    private static final Pattern NUMBER = Pattern.compile("[+-]?(NaN|Infinity|(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?)");

    private MatrixFile() {}

    /**
     * Reads a matrix, as {@link #read(Path, Optional)} does, from the only array of the file.
     *
     * @throws UsageException if the file is missing, or of another kind
     * @throws DataException if it does not hold a matrix of finite numbers
     */
    public static Matrix read(Path file) {
        return read(file, Optional.empty());
    }

    /**
     * Reads a matrix with one row per input.
     *
     * @param file {@code .npy} or {@code .npz} (everything after the first dimension is flattened),
     *     or {@code .csv}: numbers separated by commas, semicolons, tabs or blanks; empty lines and
     *     lines that begin with {@code #} are skipped, and so is a first line that holds no number
     *     (column names)
     * @param array the array of an {@code .npz} file; empty for its only array, or the array called
     *     {@code array}
     * @throws UsageException if the file is missing, or of another kind
     * @throws DataException if it does not hold a matrix of finite numbers
     */
    public static Matrix read(Path file, Optional<String> array) {
        try (var rows = open(file, array)) {
            return rows.read(0, rows.rows());
        }
    }

    /**
     * Opens a matrix with one row per input; if the file is an array, rows are read on demand.
     *
     * @param file as in {@link #read(Path, Optional)}
     * @param array as there
     * @throws UsageException if the file is missing, or of another kind
     * @throws DataException if it does not hold a matrix
     */
    public static MatrixRows open(Path file, Optional<String> array) {
        var name = file.toString().toLowerCase(Locale.ROOT);
        if (NpyReader.isArray(file)) {
            return new ArrayRows(
                    file,
                    array.isPresent() && NpyReader.isArchive(file)
                            ? NpyReader.open(file, array.get())
                            : NpyReader.open(file));
        }
        if (name.endsWith(".csv") || name.endsWith(".tsv") || name.endsWith(".txt")) {
            var matrix = readText(file);
            checkFinite(file, matrix, 0);
            return MatrixRows.of(matrix);
        }
        throw new UsageException(
                "%s is not a matrix that can be read: its name must end in .npy, .npz or .csv.".formatted(file));
    }

    /** The rows of an array. */
    private record ArrayRows(Path file, NpyReader array) implements MatrixRows {
        private ArrayRows {
            try {
                array.requireRows();
            } catch (DataException e) {
                array.close();
                throw e;
            }
        }

        @Override
        public int rows() {
            return array.count();
        }

        @Override
        public int columns() {
            return array.rowSize();
        }

        @Override
        public Matrix read(int from, int to) {
            var matrix = array.matrix(from, to);
            checkFinite(file, matrix, from);
            return matrix;
        }

        @Override
        public void close() {
            array.close();
        }
    }

    private static void checkFinite(Path file, Matrix matrix, int from) {
        int bad = matrix.firstNonFiniteRow();
        if (bad >= 0) {
            throw new DataException(
                    "%s contains NaN or an infinite value in row %d (counting from 0): remove or fix that row."
                            .formatted(file, from + bad));
        }
    }

    private static Matrix readText(Path file) {
        var rows = new ArrayList<double[]>();
        ExistingPath.checkNoPipe(file);
        try (var lines = Files.newBufferedReader(file)) {
            String line;
            for (int number = 1; (line = lines.readLine()) != null; number++) {
                var text = line.strip();
                if (text.isEmpty() || text.startsWith("#")) {
                    continue;
                }
                var cells = text.split("\\s*[,;\\t]\\s*|\\s+", -1);
                if (rows.isEmpty() && number == 1 && isHeader(cells)) {
                    continue;
                }
                rows.add(numbers(file, number, cells));
                if (rows.get(0).length != cells.length) {
                    throw new DataException(
                            "%s, line %d has %d values, but the lines before it have %d: every row needs the same number."
                                    .formatted(file, number, cells.length, rows.get(0).length));
                }
            }
        } catch (NoSuchFileException e) {
            throw new UsageException("There is no file " + file + ": check the path.", e);
        } catch (MalformedInputException e) {
            throw new DataException(file + " is not a text file: save the matrix as CSV in UTF-8, or as .npy.", e);
        } catch (IOException e) {
            throw new DataException("%s could not be read (%s).".formatted(file, IoReason.of(e)), e);
        }
        if (rows.isEmpty()) {
            throw new DataException(file + " contains no rows: a matrix of one row per input is needed.");
        }
        int columns = rows.get(0).length;
        var values = new double[Math.multiplyExact(rows.size(), columns)];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, values, i * columns, columns);
        }
        return Matrix.of(rows.size(), columns, values);
    }

    private static boolean isHeader(String[] cells) {
        for (var cell : cells) {
            if (isNumber(cell)) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether a cell is a number; Java accepts more, for example {@code 0x1p3} and 2f. */
    private static boolean isNumber(String cell) {
        return NUMBER.matcher(cell).matches();
    }

    private static double[] numbers(Path file, int line, String[] cells) {
        var values = new double[cells.length];
        for (int i = 0; i < cells.length; i++) {
            if (!isNumber(cells[i])) {
                throw new DataException("%s, line %d: '%s' is not a number.".formatted(file, line, cells[i]));
            }
            values[i] = Double.parseDouble(cells[i]);
        }
        return values;
    }
}
