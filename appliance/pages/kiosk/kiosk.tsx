import 'messages:kiosk'
import '../ui/base.css'
import { useSignal } from '@preact/signals'
import type { ComponentType } from 'preact'
import { useEffect } from 'preact/hooks'
import type { PriorityGroup } from '../../queue/views/desk.ts'
import type { KioskView } from '../../queue/views/kiosk.ts'
import { Paired } from '../ui/device.tsx'
import { useFreshPage } from '../ui/fresh-page.ts'
import { useLive } from '../ui/live.ts'
import { restoreLanguage, t } from '../ui/messages.ts'
import { mount } from '../ui/mount.tsx'
import { StateLine } from '../ui/state-line.tsx'
import { BookingCode } from './booking-code.tsx'
import { Choose } from './choose.tsx'
import { Failed } from './failed.tsx'
import { asSetUp, type Fit, useFit } from './fit.tsx'
import { QuietHours } from './quiet-hours.tsx'
import { useTaking } from './taking.ts'
import { TicketScreen } from './ticket-screen.tsx'
import './kiosk.css'

// The next visitor finds the kiosk as it was set up: language and layout are one visitor's choice.
const idleMs = 60_000

function Kiosk({ doubt }: { doubt: () => void }) {
  const live = useLive<KioskView>('/live/kiosk', { refused: doubt })
  const fit = useSignal<Fit>(asSetUp)
  const group = useSignal<PriorityGroup | null>(null)
  const aside = useSignal<'code' | 'times' | null>(null)
  const taking = useTaking(forget)
  const rating = useSignal<{ Rate: ComponentType<{ view: KioskView; leave: () => void }> } | null>(null)
  useFit(fit)
  useIdle(idleMs, forget)
  useFreshPage(live.link)

  function forget() {
    fit.value = asSetUp
    group.value = null
    aside.value = null
    restoreLanguage()
  }

  /** Few visitors rate, hence these parts come when the first one does. */
  async function openRating() {
    try {
      const { Rate } = await import('./rate.tsx')
      rating.value = { Rate }
    } catch {
      // Cut off: the line says so, and the button is still there.
    }
  }

  const view = live.view.value
  if (!view) {
    return <main class="first">{live.link.value === 'cut' && <StateLine kind="cut">{t('ui.cut')}</StateLine>}</main>
  }
  if (rating.value) {
    const { Rate } = rating.value
    const leave = () => {
      rating.value = null
      forget()
    }
    return <Rate view={view} leave={leave} />
  }
  const screen = taking.screen.value
  switch (screen.kind) {
    case 'ticket':
      return <TicketScreen ticket={screen.ticket} view={view} leave={taking.leave} />
    case 'failed':
      return <Failed sentence={screen.sentence} again={screen.again} leave={taking.leave} />
    case 'choose':
      if (aside.value === 'code')
        return <BookingCode busy={screen.taking !== null} arrive={taking.arrive} leave={forget} />
      if (aside.value === 'times') return <QuietHours view={view} leave={forget} />
      return (
        <Choose
          ask={(what) => {
            aside.value = what
          }}
          view={view}
          cut={live.link.value === 'cut'}
          taking={screen.taking}
          fit={fit}
          group={group}
          rate={openRating}
          take={(service) => taking.take(service, group.value)}
        />
      )
  }
}

function useIdle(afterMs: number, forget: () => void) {
  useEffect(() => {
    let timer = setTimeout(forget, afterMs)
    const touched = () => {
      clearTimeout(timer)
      timer = setTimeout(forget, afterMs)
    }
    addEventListener('pointerdown', touched)
    addEventListener('keydown', touched)
    return () => {
      clearTimeout(timer)
      removeEventListener('pointerdown', touched)
      removeEventListener('keydown', touched)
    }
  }, [])
}

mount(<Paired kind="kiosk">{(doubt) => <Kiosk doubt={doubt} />}</Paired>)
