package stir.backend.djl.exported;

import java.util.zip.ZipEntry;
import stir.backend.djl.libtorch.ArchiveRecords;

/**
 * A part of a zip.
 *
 * @param records the zip
 * @param entry the part
 */
record StoredRecord(ArchiveRecords records, ZipEntry entry) {}
