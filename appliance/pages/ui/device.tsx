import { useSignal } from '@preact/signals'
import type { ComponentChildren, FunctionComponent } from 'preact'
import { useEffect } from 'preact/hooks'
import { ask } from './api.ts'
import type { FirstStartView } from './first-start.tsx'
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
/** Somebody has to change the browser's settings first; each question costs the box a little. */
const pollWithoutCookieMs = 20_000

/**
 * A kiosk or display that a technician has paired shows its page; any other shows its code until that has happened, and
 * while the office has no technician how to set it up. What draws codes comes when there is one to draw.
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
  const first = useSignal<FirstStartView | null>(null)

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let stopped = false
    async function poll() {
      try {
        first.value = await ask<FirstStartView>('GET', '/api/setup')
        if (!first.value.needed) await pair()
        cut.value = false
      } catch {
        cut.value = true
      }
      if (stopped || pairing.value?.device) return
      timer = setTimeout(poll, pairing.value?.trouble === 'keeps-no-cookie' ? pollWithoutCookieMs : pollMs)
    }
    async function pair() {
      // A screen is one once the cookie that it was given has come back: without it nobody would hold the pairing.
      const asked = await ask<Pairing>('POST', '/api/device', { kind, prove: true })
      pairing.value = asked.device ? asked : await ask<Pairing>('POST', '/api/device', { kind, again: true })
    }
    void poll()
    return () => {
      stopped = true
      clearTimeout(timer)
    }
  }, [round.value])

  if (pairing.value?.device) return <>{children(() => round.value++, pairing.value.device)}</>
  if (first.value?.needed) return <Later load={loadFirstStart} {...first.value} />
  const { code, trouble } = pairing.value ?? {}
  const isUnkept = trouble === 'keeps-no-cookie'
  return (
    <main class="pairing">
      <Mark />
      <h1>
        {isUnkept ? t('device.keeps-no-cookie') : t('device.type-this-code', { address: `${location.host}/admin` })}
      </h1>
      {!isUnkept && (
        <>
          <p class="pairing-code num" aria-live="polite">
            {code ? spaced(code) : '––– –––'}
          </p>
          <p class="quiet">{t(trouble ? 'device.moved' : `device.what-${kind}`)}</p>
          {code && (
            <figure>
              <Later load={loadQrCode} text={`${location.origin}/admin#layar=${code}`} label={t('device.scan')} />
              <figcaption class="quiet">{t('device.scan')}</figcaption>
            </figure>
          )}
        </>
      )}
      {cut.value && <StateLine kind="cut">{t('ui.cut')}</StateLine>}
    </main>
  )
}

const loadFirstStart = () => import('./first-start.tsx').then(({ FirstStart }) => FirstStart)
const loadQrCode = () => import('./qr-code.tsx').then(({ QrCode }) => QrCode)

/** A part that most pages never show: fetched when it is, and again with the next code if the box was out of reach. */
function Later<Props extends object>({ load, ...props }: Props & { load: () => Promise<FunctionComponent<Props>> }) {
  const part = useSignal<{ Part: FunctionComponent<Props> } | null>(null)
  useEffect(() => {
    if (part.value) return
    load().then(
      (Part) => {
        part.value = { Part }
      },
      () => {},
    )
  })
  const Part = part.value?.Part
  return Part ? <Part {...(props as unknown as Props)} /> : null
}

const spaced = (code: string) => `${code.slice(0, 3)} ${code.slice(3)}`
