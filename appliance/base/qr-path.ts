import { encode } from 'uqr'

/** A QR as a path of SVG, one unit a module, without the white around it. Pure: page and paper draw the same. */
export function qrPath(text: string): { size: number; path: string } {
  const { data, size } = encode(text, { ecc: 'M', border: 0 })
  return {
    size,
    path: data.map((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')).join('')).join(''),
  }
}
