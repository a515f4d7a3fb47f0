"""Removes the debug records from TorchScript archives, which name folders of the machine that wrote them.

    python strip_archives.py ARCHIVE...

Everything else stays as it is, byte for byte, at addresses that are multiples of 64, as PyTorch writes it.
"""

import io
import sys
import zipfile

ALIGNMENT = 64
LOCAL_HEADER = 30
PADDING_ID = b"FB"


def strip(file):
    stripped = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(stripped, "w", zipfile.ZIP_STORED) as new:
        for entry in old.infolist():
            if entry.filename.endswith(".debug_pkl"):
                continue
            kept = zipfile.ZipInfo(entry.filename, entry.date_time)
            kept.compress_type = entry.compress_type
            start = stripped.tell() + LOCAL_HEADER + len(entry.filename.encode()) + 4
            padding = -start % ALIGNMENT
            kept.extra = PADDING_ID + padding.to_bytes(2, "little") + b"Z" * padding
            new.writestr(kept, old.read(entry))
    with open(file, "wb") as out:
        out.write(stripped.getvalue())


if __name__ == "__main__":
    for name in sys.argv[1:]:
        strip(name)
