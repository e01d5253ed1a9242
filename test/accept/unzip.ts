import { inflateRawSync } from 'node:zlib';

const END_OF_DIRECTORY = 0x06054b50;
const [STORED, DEFLATED] = [0, 8];

/** One file of a ZIP archive, by its path. Throws RangeError where there is none, or it is packed in a way that is not read here. */
export function fileInZip(zip: Buffer, path: string): Buffer {
  // The end of the directory is the last thing but for a comment, which our archives do not have.
  let end = zip.length - 22;
  while (end >= 0 && zip.readUInt32LE(end) !== END_OF_DIRECTORY) end -= 1;
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    const name = zip.toString('utf8', at + 46, at + 46 + nameBytes!);
    if (name === path) return unpacked(zip, at);
    at += 46 + nameBytes! + extraBytes! + commentBytes!;
  }
  throw new RangeError(`the archive holds no ${path}`);
}

/** What an entry of the directory points to. */
function unpacked(zip: Buffer, entry: number): Buffer {
  const method = zip.readUInt16LE(entry + 10);
  const bytes = zip.readUInt32LE(entry + 20);
  const header = zip.readUInt32LE(entry + 42);
  // The file's own header has lengths of its own.
  const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
  const packed = zip.subarray(start, start + bytes);
  if (method === STORED) return packed;
  if (method !== DEFLATED) throw new RangeError(`packed by method ${method}`);
  return inflateRawSync(packed);
}
