import { useSignal } from '@preact/signals'
import type { AdminView } from '../../screens/admin-view.ts'
import { find, language, t } from '../ui/messages.ts'
import { useSubmit } from '../ui/staff/submit.ts'
import { DocumentPrinter } from './document-printer.tsx'
import { OtherPrinters } from './other-printers.tsx'
import { isUnchosen, PrinterPlace, type TypedPlace, targetOf } from './printer-place.tsx'
import { SaveRow } from './save-row.tsx'

type Printer = AdminView['printer']
type Typed = TypedPlace & { qr: NonNullable<Printer['settings']['qr']> }

/** Which printer gives the paper tickets, how it is, and a specimen. */
export function PrinterForm({ printer }: { printer: Printer }) {
  const typed = useSignal<Typed | null>(null)
  const saved = useSignal(false)
  const { submit, busy, problemOf } = useSubmit({ 'print.target': 'target' }, ['settings'])
  const shown = typed.value ?? read(printer)
  const change = (part: Partial<Typed>) => {
    typed.value = { ...shown, ...part }
  }

  async function save(event: Event) {
    event.preventDefault()
    const settings = { target: targetOf(shown), width: shown.width, qr: shown.qr }
    saved.value = await submit((send) => send('PUT', '/api/settings/printer', { settings }))
    if (saved.value) typed.value = null
  }

  return (
    <>
      <header class="room">
        <div>
          <h1>{t('admin.printer')}</h1>
          <p class="quiet">{t('admin.printer-what')}</p>
        </div>
      </header>
      <form class="group form" onSubmit={save}>
        <PrinterPlace
          typed={shown}
          change={change}
          found={printer.found}
          problem={problemOf('target') ?? problemOf('settings')}
          orNone
        />
        {shown.kind !== 'none' && (
          <label class="choice">
            {t('admin.printer-qr')}
            <select value={shown.qr} onChange={(event) => change({ qr: event.currentTarget.value as Typed['qr'] })}>
              <option value="picture">{t('admin.printer-qr-picture')}</option>
              <option value="command">{t('admin.printer-qr-command')}</option>
            </select>
            <small class="quiet">{t('admin.printer-qr-what')}</small>
          </label>
        )}
        <SaveRow
          problem={problemOf(null)}
          disabled={busy || typed.value === null || isUnchosen(shown)}
          saved={saved.value && typed.value === null}
        />
      </form>
      <PrinterState printer={printer} />
      <DocumentPrinter printer={printer} />
      <OtherPrinters printer={printer} />
    </>
  )
}

/** How the saved printer is now, and a specimen from it. */
export function PrinterState({ printer }: { printer: Printer }) {
  const said = useSignal<string | null>(null)
  const { submit, busy, problemOf } = useSubmit()
  const { state, reason } = printer.now

  async function test() {
    said.value = null
    await submit(async (send) => {
      const { printed } = await send<{ printed: string }>('POST', '/api/printer/test', { language: language.value })
      said.value = find(`admin.printer-test-${printed}`) ?? ''
    })
  }

  const bad = state === 'offline' || state === 'paper-out'
  return (
    <div class="group form printer">
      <p class={bad ? 'wrong' : ''} role="status">
        {t(`admin.printer-state-${reason ?? (state === 'offline' ? 'error' : state)}`)}
      </p>
      {state !== 'none' && (
        <div class="buttons">
          <button type="button" class="button" disabled={busy} onClick={test}>
            {t('admin.printer-test')}
          </button>
          <span role="status" class={problemOf(null) ? 'wrong' : 'quiet'}>
            {problemOf(null) ?? said.value}
          </span>
        </div>
      )}
    </div>
  )
}

function read({ settings: { target, width, qr = 'picture' }, found }: Printer): Typed {
  const [, host] = /^tcp:\/\/(.+)$/.exec(target) ?? []
  const isDevice = target.startsWith('file:')
  const kind = host ? 'network' : isDevice ? 'device' : 'none'
  return { kind, host: host ?? '', device: isDevice ? target : (found[0]?.target ?? ''), width, qr }
}
