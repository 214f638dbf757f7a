/** `forPress`: in the four inks of a printing press. */
type Picture = { kind: 'image/png' | 'image/jpeg'; width: number; height: number; forPress: boolean }

/** What a file is by its bytes, and how many points it has. Null: no PNG and no JPEG, or one that is cut. */
export function readPicture(bytes: Buffer): Picture | null {
  if (bytes.subarray(0, 8).equals(pngHead)) {
    if (bytes.length < 33 || bytes.toString('latin1', 12, 16) !== 'IHDR') return null
    return { kind: 'image/png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20), forPress: false }
  }
  return bytes[0] === 0xff && bytes[1] === 0xd8 ? readJpeg(bytes) : null
}

const pngHead = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** Its size stands in the segment that begins a frame: C0 to CF, but for tables (C4, CC) and the reserved C8. */
function readJpeg(bytes: Buffer): ReturnType<typeof readPicture> {
  for (let at = 2; at + 9 < bytes.length; ) {
    if (bytes[at] !== 0xff) return null
    const marker = bytes[at + 1] ?? 0
    if (marker === 0xff) {
      at += 1
      continue
    }
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return {
        kind: 'image/jpeg',
        height: bytes.readUInt16BE(at + 5),
        width: bytes.readUInt16BE(at + 7),
        forPress: bytes[at + 9] === 4,
      }
    at += 2 + bytes.readUInt16BE(at + 2)
  }
  return null
}
