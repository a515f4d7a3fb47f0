// All figures in one ZIP file, uncompressed (PKWARE's application note 6.3, sections 4.3.7, 4.3.12 and 4.3.16).

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) {
    value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  }
  return value;
});

const crc = (bytes) => ~bytes.reduce((sum, byte) => CRC_TABLE[(sum ^ byte) & 255] ^ (sum >>> 8), -1) >>> 0;

/** Numbers of two or four bytes, written as [size, value], lowest byte first. */
const fields = (...all) => all.flatMap(([size, value]) => Array.from({ length: size }, (_, at) => Math.floor(value / 256 ** at) & 255));

/** The bytes of an archive of texts by their names. */
function archive(files) {
  const [parts, directory] = [[], []];
  let [offset, length] = [0, 0];
  for (const [name, text] of files) {
    const [path, bytes] = [name, text].map((one) => new TextEncoder().encode(one));
    // Version 2.0, names in UTF-8, stored, the first day of MS-DOS: the same figures give the same bytes.
    const facts = fields([2, 20], [2, 0x800], [2, 0], [2, 0], [2, 0x21], [4, crc(bytes)], [4, bytes.length], [4, bytes.length], [2, path.length], [2, 0]);
    parts.push(Uint8Array.from([...fields([4, 0x04034b50]), ...facts]), path, bytes);
    const entry = Uint8Array.from([...fields([4, 0x02014b50], [2, 20]), ...facts, ...fields([2, 0], [2, 0], [2, 0], [4, 0], [4, offset])]);
    directory.push(entry, path);
    offset += 30 + path.length + bytes.length;
    length += entry.length + path.length;
  }
  const end = fields([4, 0x06054b50], [2, 0], [2, 0], [2, files.length], [2, files.length], [4, length], [4, offset], [2, 0]);
  return new Blob([...parts, ...directory, Uint8Array.from(end)]);
}

/** Saves all figures of the page, each as SVG and CSV. */
function saveAll() {
  const files = [...document.querySelectorAll("figure")]
    .map((root) => [...figures].find((drawn) => drawn.root === root))
    .flatMap(({ made, surface }, at) => {
      const name = `${at + 1}-${made.id}`;
      return [[`${name}.svg`, svgOf(made, savedWidth(surface))], [`${name}.csv`, csvOf(made)]];
    });
  download(archive(files), "application/zip", `${study.name.replace(/[^\w.-]+/g, "_")}-figures.zip`);
}
