/** A QR code as the box computed it: one string per row, 1 = dark. */
export function QrCode({ rows, label }: { rows: string[]; label: string }) {
  const size = rows.length
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} shape-rendering="crispEdges" role="img" aria-label={label}>
      <path fill="currentColor" d={rows.map(drawRow).join('')} />
    </svg>
  )
}

const drawRow = (row: string, y: number) =>
  [...row.matchAll(/1+/g)].map((run) => `M${run.index} ${y}h${run[0].length}v1h-${run[0].length}z`).join('')
