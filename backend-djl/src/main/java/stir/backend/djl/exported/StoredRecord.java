package stir.backend.djl.exported;

import stir.backend.djl.libtorch.ArchiveRecords;

import java.util.zip.ZipEntry;

/**
 * A part of a zip.
 *
 * @param records the zip
 * @param entry the part
 */
record StoredRecord(ArchiveRecords records, ZipEntry entry) {}
