/* Where a paper lies in a photo, and how it is straightened: pure. */

/** In points of the picture. */
export type Point = { x: number; y: number }
/** Of a paper: upper left, upper right, lower right, lower left. */
export type Corners = readonly [Point, Point, Point, Point]

/** Four bytes a point, as a canvas has them. */
export type Pixels = { data: Uint8ClampedArray; width: number; height: number }

/** The whole picture. */
export const wholeOf = ({ width, height }: { width: number; height: number }): Corners => [
  { x: 0, y: 0 },
  { x: width, y: 0 },
  { x: width, y: height },
  { x: 0, y: height },
]

/** A light thing that fills less of its four corners, or has more beside them, is no paper: an arm, a window, a table's edge. */
const leastWithin = 0.85
/** Less of the picture is no paper that somebody photographs; more is one that needs no straightening. */
const [leastShare, mostShare] = [0.15, 0.96]

/**
 * A first guess of where the paper lies: the largest light thing, by its outermost points. Null where nothing looks like a
 * paper. Of a small copy of the picture: it looks at each point some times.
 */
export function guessCorners({ data, width, height }: Pixels): Corners | null {
  const count = width * height
  const grey = new Uint8Array(count)
  const histogram = new Array<number>(256).fill(0)
  for (let at = 0; at < count; at++) {
    const level = Math.round(
      0.299 * (data[4 * at] ?? 0) + 0.587 * (data[4 * at + 1] ?? 0) + 0.114 * (data[4 * at + 2] ?? 0),
    )
    grey[at] = level
    histogram[level] = (histogram[level] ?? 0) + 1
  }
  const threshold = splitLevel(histogram, count)
  const isLight = (at: number): boolean => (grey[at] ?? 0) > threshold
  const found = largestPart(width, height, isLight)
  if (found.length < leastShare * count || found.length > mostShare * count) return null
  const corners = outermost(found, width)
  if (!isConvex(corners)) return null
  const within = found.filter((at) => isWithin(corners, { x: at % width, y: Math.floor(at / width) })).length
  return Math.min(within / areaOf(corners), within / found.length) >= leastWithin ? corners : null
}

/** The level that divides dark from light best (N. Otsu, 1979). */
function splitLevel(histogram: readonly number[], count: number): number {
  const total = histogram.reduce((sum, n, level) => sum + n * level, 0)
  let [below, belowSum, best, bestLevel] = [0, 0, -1, 127]
  for (const [level, n] of histogram.entries()) {
    below += n
    belowSum += n * level
    const above = count - below
    if (below === 0 || above === 0) continue
    const apart = below * above * (belowSum / below - (total - belowSum) / above) ** 2
    if (apart > best) [best, bestLevel] = [apart, level]
  }
  return bestLevel
}

/** The places of the largest connected part of what is light. */
function largestPart(width: number, height: number, isLight: (at: number) => boolean): number[] {
  const seen = new Uint8Array(width * height)
  let largest: number[] = []
  for (let start = 0; start < seen.length; start++) {
    if (seen[start] || !isLight(start)) continue
    seen[start] = 1
    const part = [start]
    for (let next = 0; next < part.length; next++) {
      const at = part[next] ?? 0
      const x = at % width
      for (const one of [x > 0 ? at - 1 : -1, x < width - 1 ? at + 1 : -1, at - width, at + width]) {
        if (one < 0 || one >= seen.length || seen[one] || !isLight(one)) continue
        seen[one] = 1
        part.push(one)
      }
    }
    if (part.length > largest.length) largest = part
  }
  return largest
}

function outermost(places: readonly number[], width: number): Corners {
  const furthest = (rank: (point: Point) => number): Point => {
    let best: Point = { x: 0, y: 0 }
    let most = Number.NEGATIVE_INFINITY
    for (const at of places) {
      const point = { x: at % width, y: Math.floor(at / width) }
      const value = rank(point)
      if (value > most) [best, most] = [point, value]
    }
    return best
  }
  return [
    furthest(({ x, y }) => -x - y),
    furthest(({ x, y }) => x - y),
    furthest(({ x, y }) => x + y),
    furthest(({ x, y }) => y - x),
  ]
}

export function areaOf(corners: Corners): number {
  let twice = 0
  for (const [index, { x, y }] of corners.entries()) {
    const next = corners[(index + 1) % 4] ?? corners[0]
    twice += x * next.y - next.x * y
  }
  return Math.abs(twice) / 2
}

const isWithin = (corners: Corners, { x, y }: Point): boolean =>
  corners.every((one, index) => {
    const next = corners[(index + 1) % 4] ?? one
    return (next.x - one.x) * (y - one.y) - (next.y - one.y) * (x - one.x) >= 0
  })

/** Whether they go round without crossing: only then is there a paper to straighten. */
export function isConvex(corners: Corners): boolean {
  const turns = corners.map((one, index) => {
    const [next, then] = [corners[(index + 1) % 4] ?? one, corners[(index + 2) % 4] ?? one]
    return (next.x - one.x) * (then.y - next.y) - (next.y - one.y) * (then.x - next.x)
  })
  return turns.every((turn) => turn > 0)
}

/** How large the paper between these corners becomes, its longer side `mostSide` at most: by its longer edges. */
export function straightSize([a, b, c, d]: Corners, mostSide: number): { width: number; height: number } {
  const width = Math.max(distance(a, b), distance(d, c))
  const height = Math.max(distance(a, d), distance(b, c))
  const scale = Math.min(1, mostSide / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

const distance = (one: Point, other: Point): number => Math.hypot(one.x - other.x, one.y - other.y)

/**
 * Straightens what lies between these corners into `target`, as a camera would have seen it from above: P. Heckbert's
 * mapping of a square to four corners (1989), each point from the four around it.
 */
export function straighten({ data, width, height }: Pixels, corners: Corners, target: Pixels): void {
  const [p0, p1, p2, p3] = corners
  const [dx1, dx2, sx] = [p1.x - p2.x, p3.x - p2.x, p0.x - p1.x + p2.x - p3.x]
  const [dy1, dy2, sy] = [p1.y - p2.y, p3.y - p2.y, p0.y - p1.y + p2.y - p3.y]
  const whole = dx1 * dy2 - dx2 * dy1
  const g = (sx * dy2 - dx2 * sy) / whole
  const h = (dx1 * sy - sx * dy1) / whole
  const [a, b] = [p1.x - p0.x + g * p1.x, p3.x - p0.x + h * p3.x]
  const [d, e] = [p1.y - p0.y + g * p1.y, p3.y - p0.y + h * p3.y]
  for (let row = 0, to = 0; row < target.height; row++) {
    const v = (row + 0.5) / target.height
    for (let column = 0; column < target.width; column++, to += 4) {
      const u = (column + 0.5) / target.width
      const w = g * u + h * v + 1
      const x = Math.min(width - 1, Math.max(0, (a * u + b * v + p0.x) / w - 0.5))
      const y = Math.min(height - 1, Math.max(0, (d * u + e * v + p0.y) / w - 0.5))
      const [left, top] = [Math.floor(x), Math.floor(y)]
      const [fx, fy] = [x - left, y - top]
      const from = 4 * (top * width + left)
      const right = left < width - 1 ? 4 : 0
      const below = top < height - 1 ? 4 * width : 0
      for (let channel = 0; channel < 3; channel++) {
        const at = from + channel
        const upper = (data[at] ?? 0) * (1 - fx) + (data[at + right] ?? 0) * fx
        const lower = (data[at + below] ?? 0) * (1 - fx) + (data[at + below + right] ?? 0) * fx
        target.data[to + channel] = upper * (1 - fy) + lower * fy
      }
      target.data[to + 3] = 255
    }
  }
}
