import { signal } from '@preact/signals'
import type { FunctionComponent } from 'preact'
import { useEffect } from 'preact/hooks'

type Code = FunctionComponent<{ text: string; label: string }>

/** What draws codes weighs as much as a third of this page. It comes after the first picture, once for the page. */
const code = signal<Code | null>(null)

export function loadTicketCode(): void {
  if (code.value) return
  import('../ui/qr-code.tsx').then(
    ({ QrCode }) => {
      code.value = QrCode
    },
    () => {}, // cut off: the next ticket tries again
  )
}

/** The address of a ticket's page as a QR; in letters until what draws it is there. */
export function TicketCode({ address }: { address: string }) {
  useEffect(loadTicketCode, [])
  const Code = code.value
  return Code ? <Code text={address} label={address} /> : <p class="qr letters">{address}</p>
}
