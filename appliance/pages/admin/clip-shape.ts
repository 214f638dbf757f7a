/* What becomes of a recording before it is a clip. Pure. Samples are -1 to 1. */

export const hertz = 22_050

/** Quieter than this share of the loudest sample is taken for silence. */
const silence = 0.04
/** A breath before and after the word, seconds, as the built-in clips have it. */
const before = 0.03
const after = 0.08
/** As loud as the built-in clips: 2 dB below the most. */
const loudest = 0.79

/** Cuts the silence off both ends, makes it as loud as the other clips, and gives 16-bit samples; null when it is all silence. */
export function shapeClip(samples: Float32Array): Int16Array<ArrayBuffer> | null {
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
  if (peak < 0.01) return null
  const heard = (sample: number) => Math.abs(sample) >= peak * silence
  const first = Math.max(0, samples.findIndex(heard) - Math.round(before * hertz))
  let heardUntil = samples.length - 1
  while (!heard(samples[heardUntil] ?? 0)) heardUntil--
  const last = Math.min(samples.length, heardUntil + Math.round(after * hertz))
  const gain = (loudest / peak) * 32_767
  return Int16Array.from(samples.subarray(first, last), (sample) => Math.round(sample * gain))
}
