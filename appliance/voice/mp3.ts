/** What a clip is made of: `rest` are bytes at its end that are no frame. */
export type Mp3 = { mono: boolean; seconds: number; rest: number }

const kbits = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
const samplesPerFrame = 576
const hertz = 22_050

/**
 * Reads MPEG-2 layer III of 22,050 Hz, the form of all our clips, frame by frame: each is 576 samples in
 * 72 × bit rate ÷ 22,050 bytes (ISO 13818-3). What is something else has no frames and all its bytes as rest.
 */
export function readMp3(bytes: Buffer): Mp3 {
  let at = 0
  let frames = 0
  let mono = true
  while (at + 4 <= bytes.length && bytes.readUInt16BE(at) >> 4 === 0xfff) {
    const [second = 0, third = 0, fourth = 0] = bytes.subarray(at + 1, at + 4)
    const rate = kbits[third >> 4] ?? 0
    if ((second & 0b1110) !== 0b0010 || (third & 0b1100) !== 0 || rate === 0) break
    mono &&= fourth >> 6 === 0b11
    at += Math.floor((72_000 * rate) / hertz) + ((third >> 1) & 1)
    frames++
  }
  return { mono: mono && frames > 0, seconds: (frames * samplesPerFrame) / hertz, rest: bytes.length - at }
}
