import { expect, test } from 'vitest'
import { type Corners, guessCorners, isConvex, type Pixels, straighten, straightSize, wholeOf } from './corners.ts'

/* Finding a paper in a photo, and straightening it. */

const blank = (width: number, height: number): Pixels => ({
  data: new Uint8ClampedArray(4 * width * height).fill(255),
  ...{ width, height },
})

/** A light paper on a dark table: what lies between these corners. */
function paperAt(width: number, height: number, corners: Corners): Pixels {
  const pixels = blank(width, height)
  for (let at = 0; at < width * height; at++) {
    const [x, y] = [at % width, Math.floor(at / width)]
    const isIn = corners.every((one, index) => {
      const next = corners[(index + 1) % 4] ?? one
      return (next.x - one.x) * (y - one.y) - (next.y - one.y) * (x - one.x) >= 0
    })
    const level = isIn ? 220 : 50
    pixels.data.set([level, level, level - 10, 255], 4 * at)
  }
  return pixels
}

const askew: Corners = [
  { x: 30, y: 22 },
  { x: 150, y: 34 },
  { x: 138, y: 108 },
  { x: 18, y: 96 },
]

test('a paper that lies askew is found by its four corners', () => {
  const found = guessCorners(paperAt(180, 130, askew))
  for (const [index, { x, y }] of (found ?? []).entries()) {
    expect(Math.abs(x - (askew[index]?.x ?? 0))).toBeLessThan(4)
    expect(Math.abs(y - (askew[index]?.y ?? 0))).toBeLessThan(4)
  }
  expect(found).toHaveLength(4)
})

test('nothing is found where all is one light, or the light thing is no paper', () => {
  expect(guessCorners(blank(100, 80))).toBeNull()
  const cross = blank(120, 120)
  for (let at = 0; at < 120 * 120; at++) {
    const [x, y] = [at % 120, Math.floor(at / 120)]
    const isIn = Math.abs(x - 60) < 12 || Math.abs(y - 60) < 12
    cross.data.set(isIn ? [230, 230, 230, 255] : [40, 40, 40, 255], 4 * at)
  }
  expect(guessCorners(cross)).toBeNull()
})

test('what is straightened is the paper alone, each corner in its corner', () => {
  const photo = paperAt(180, 130, askew)
  const marked: [number, number][] = [
    [0, 200],
    [1, 0],
    [2, 100],
    [3, 150],
  ]
  for (const [index, red] of marked) {
    const { x, y } = askew[index as 0 | 1 | 2 | 3]
    const [towardsX, towardsY] = [84 - x > 0 ? 1 : -1, 65 - y > 0 ? 1 : -1]
    for (let dx = 0; dx < 12; dx++)
      for (let dy = 0; dy < 12; dy++)
        photo.data.set([red, 0, 0, 255], 4 * ((y + dy * towardsY) * 180 + x + dx * towardsX))
  }
  const size = straightSize(askew, 100)
  expect(Math.max(size.width, size.height)).toBe(100)
  const target = { ...blank(size.width, size.height), ...size }
  straighten(photo, askew, target)
  const at = (x: number, y: number) => target.data[4 * (y * size.width + x)] ?? 0
  expect(at(3, 3)).toBeGreaterThan(150)
  expect(at(size.width - 4, 3)).toBeLessThan(30)
  expect(Math.abs(at(size.width - 4, size.height - 4) - 100)).toBeLessThan(30)
  expect(Math.abs(at(3, size.height - 4) - 150)).toBeLessThan(30)
  // No table is left on it.
  expect(at(Math.round(size.width / 2), 1)).toBeGreaterThan(200)
})

test('the whole picture stays as it is; corners that cross are told from those that do not', () => {
  const photo = paperAt(60, 40, wholeOf({ width: 60, height: 40 }))
  photo.data.set([1, 2, 3, 255], 4 * (10 * 60 + 20))
  const target = blank(60, 40)
  straighten(photo, wholeOf(photo), target)
  expect([...target.data]).toEqual([...photo.data])
  const [a, b, c, d] = askew
  expect(isConvex(askew)).toBe(true)
  expect(isConvex([a, c, b, d])).toBe(false)
})
