package org.example.__package__;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import stir.api.BackendProvider;
import stir.api.DataException;
import stir.api.Device;
import stir.api.Model;
import stir.api.ModelOptions;
import stir.api.Recognition;
import stir.api.UsageException;

/**
 * Runs text files with the matrix of one linear layer: the line {@code __id__ 1}, and then one line
 * of numbers per output.
 */
public final class __Name__ implements BackendProvider {
    private static final String HEAD = "__id__ 1";

    @Override
    public String id() {
        return "__id__";
    }

    @Override
    public String description() {
        return "Linear layers in text files";
    }

    @Override
    public Recognition recognise(Path file) {
        try (var in = Files.newInputStream(file)) {
            var head = new String(in.readNBytes(HEAD.length()), StandardCharsets.ISO_8859_1);
            return head.equals(HEAD) ? Recognition.BY_CONTENT : Recognition.NONE;
        } catch (IOException e) { // a missing file or a folder
            return Recognition.NONE;
        }
    }

    @Override
    public List<Device> devices(Path cache) {
        return List.of(Device.CPU);
    }

    @Override
    public Model open(Path file, ModelOptions options) {
        if (!options.device().equals(Device.CPU)) {
            throw new UsageException("The backend '__id__' computes only on the CPU: choose cpu.");
        }
        return new LinearModel(read(file));
    }

    /** Returns the weights: a row per output. */
    private static float[][] read(Path file) {
        try {
            var lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
            if (lines.size() > 1 && lines.get(0).equals(HEAD)) {
                var weights = new float[lines.size() - 1][];
                for (int output = 0; output < weights.length; output++) {
                    weights[output] = numbers(lines.get(output + 1));
                    if (weights[output].length != weights[0].length) {
                        throw new DataException("%s is damaged: its lines differ in length.".formatted(file));
                    }
                }
                return weights;
            }
        } catch (NoSuchFileException e) {
            throw new UsageException("There is no file %s.".formatted(file), e);
        } catch (IOException e) {
            throw new DataException("%s could not be read (%s).".formatted(file, e), e);
        } catch (NumberFormatException e) {
            throw new DataException("%s is damaged: a value is not a number.".formatted(file), e);
        }
        throw new DataException("%s is not a linear layer: its first line must be '%s'.".formatted(file, HEAD));
    }

    private static float[] numbers(String line) {
        var words = line.strip().split(" +");
        var numbers = new float[words.length];
        for (int i = 0; i < words.length; i++) {
            numbers[i] = Float.parseFloat(words[i]);
        }
        return numbers;
    }
}
