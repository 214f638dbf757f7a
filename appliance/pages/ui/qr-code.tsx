import { qrPath } from '../../base/qr-path.ts'

/** The QR of an address, drawn here: encoding takes the box a millisecond that the next citizen in line would wait. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { path, size } = qrPath(text)
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} shape-rendering="crispEdges" role="img" aria-label={label}>
      <path d={path} />
    </svg>
  )
}
