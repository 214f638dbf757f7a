import { expect, test } from 'vitest'
import { hertz, shapeClip } from './clip-shape.ts'

/** A second of silence, half a second of a quiet tone, a second of silence. */
const spoken = Float32Array.from({ length: 2.5 * hertz }, (_, i) =>
  i >= hertz && i < 1.5 * hertz ? 0.1 * Math.sin((2 * Math.PI * 440 * i) / hertz) : 0.001,
)

test('silence is cut off both ends, but for a breath', () => {
  const seconds = (shapeClip(spoken)?.length ?? 0) / hertz
  expect(seconds).toBeGreaterThan(0.55)
  expect(seconds).toBeLessThan(0.65)
})

test('a quiet recording becomes as loud as the other clips, and none is clipped', () => {
  const shaped = shapeClip(spoken) ?? new Int16Array()
  const peak = shaped.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
  expect(peak).toBeGreaterThan(25_000)
  expect(peak).toBeLessThanOrEqual(26_000)
})

test('silence alone is no clip', () => {
  expect(shapeClip(new Float32Array(hertz).fill(0.002))).toBeNull()
})
