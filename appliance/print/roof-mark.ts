/** The roof of the mark (`pages/ui/mark.svg`, 44 × 24 units) as polygons; a test compares them with its paths. */
const shapes = [
  [
    [15, 3],
    [29, 3],
    [33, 12],
    [42, 12],
    [44, 16],
    [0, 16],
    [2, 12],
    [11, 12],
  ],
  [
    [6, 18],
    [9, 18],
    [9, 24],
    [6, 24],
  ],
  [
    [20, 18],
    [24, 18],
    [24, 24],
    [20, 24],
  ],
  [
    [35, 18],
    [38, 18],
    [38, 24],
    [35, 24],
  ],
] as const

export type Bitmap = { data: Uint8ClampedArray; width: number; height: number }

/** The mark as black on white RGBA, `scale` dots for each of its units; width and height are multiples of 8 for even scales. */
export function drawRoof(scale: number): Bitmap {
  const [width, height] = [44 * scale, 24 * scale]
  const data = new Uint8ClampedArray(width * height * 4).fill(255)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const inside = shapes.some((shape) => isInside(shape, (x + 0.5) / scale, (y + 0.5) / scale))
      if (inside) data.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3)
    }
  }
  return { data, width, height }
}

/** Whether a ray to the right crosses the outline an odd number of times. */
function isInside(shape: readonly (readonly [number, number])[], x: number, y: number): boolean {
  let inside = false
  for (const [index, [x1, y1]] of shape.entries()) {
    const [x2, y2] = shape[(index + 1) % shape.length] ?? [x1, y1]
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside
  }
  return inside
}
