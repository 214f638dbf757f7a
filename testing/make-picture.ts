import { crc32, deflateSync } from 'node:zlib'

/** A PNG of one colour with a hole in the middle that shows the paper, as coats of arms have one around them. For tests only. */
export function makePng(width: number, height: number): Buffer {
  const rows = Buffer.alloc(height * (1 + 4 * width))
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const isHole = Math.abs(x - width / 2) < width / 4 && Math.abs(y - height / 2) < height / 4
      rows.set([0, 100, 60, isHole ? 0 : 255], y * (1 + 4 * width) + 1 + 4 * x)
    }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 6, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}
