package stir.core.study.plan;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import stir.api.UsageException;

/**
 * Stored representations that a study compares without a network.
 *
 * @param files the {@code .npy} or {@code .npz} file for each layer, with one row per sample; at
 *     least one
 * @param ids the file with the samples' names; empty if they are numbered from 0, or named in the
 *     first {@code .npz} file
 * @since 0.1.0
 */
public record StoredArrays(Map<String, Path> files, Optional<Path> ids) {
    /**
     * Copies the files in their order.
     *
     * @throws UsageException if there are none
     */
    public StoredArrays {
        files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
        if (files.isEmpty()) {
            throw new UsageException("A model of stored arrays needs at least one layer.");
        }
    }

    /** Returns the first layer's file. */
    public Path first() {
        return files.values().iterator().next();
    }
}
