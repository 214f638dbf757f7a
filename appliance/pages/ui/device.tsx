import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { ask } from './api.ts'
import { Mark } from './mark.tsx'
import { t } from './messages.ts'
import { StateLine } from './state-line.tsx'
import './device.css'

type Pairing = {
  device: string | null
  code: string | null
  expiresAt: number | null
  trouble: 'keeps-no-cookie' | 'moved' | null
}
const pollMs = 3000

/**
 * A kiosk or display that a technician has paired shows its page; any other shows its code until that has happened.
 * `children` gets a function to call when the box refuses this device: the pairing may have been removed.
 */
export function Paired({
  kind,
  children,
}: {
  kind: 'kiosk' | 'display'
  children: (doubt: () => void, device: string) => ComponentChildren
}) {
  const pairing = useSignal<Pairing | null>(null)
  const cut = useSignal(false)
  const round = useSignal(0)

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let stopped = false
    async function poll() {
      try {
        const first = await ask<Pairing>('POST', '/api/device', { kind })
        // A code is shown once the cookie that it belongs to has come back: without it nobody would hold the pairing.
        pairing.value = first.device ? first : await ask<Pairing>('POST', '/api/device', { kind, again: true })
        cut.value = false
      } catch {
        cut.value = true
      }
      if (!stopped && !pairing.value?.device) timer = setTimeout(poll, pollMs)
    }
    void poll()
    return () => {
      stopped = true
      clearTimeout(timer)
    }
  }, [round.value])

  if (pairing.value?.device) return <>{children(() => round.value++, pairing.value.device)}</>
  const { code, trouble } = pairing.value ?? {}
  const isUnkept = trouble === 'keeps-no-cookie'
  return (
    <main class="pairing">
      <Mark />
      <h1>{t(isUnkept ? 'device.keeps-no-cookie' : 'device.type-this-code')}</h1>
      {!isUnkept && (
        <>
          <p class="pairing-code num" aria-live="polite">
            {code ? spaced(code) : '––– –––'}
          </p>
          <p class="quiet">{t(trouble ? 'device.moved' : `device.what-${kind}`)}</p>
        </>
      )}
      {cut.value && <StateLine kind="cut">{t('ui.cut')}</StateLine>}
    </main>
  )
}

const spaced = (code: string) => `${code.slice(0, 3)} ${code.slice(3)}`
