import { useSignal } from '@preact/signals'
import type { AdminView } from '../../screens/admin-view.ts'
import { find, language, t } from '../ui/messages.ts'
import { Field } from '../ui/staff/field.tsx'
import { useSubmit } from '../ui/staff/submit.ts'
import { OtherPrinters } from './other-printers.tsx'
import { SaveRow } from './save-row.tsx'

type Printer = AdminView['printer']
type Kind = 'none' | 'network' | 'device'
type Typed = { kind: Kind; host: string; device: string; width: 58 | 80 }

/** Which printer gives the paper tickets, how it is, and a specimen. */
export function PrinterForm({ printer }: { printer: Printer }) {
  const typed = useSignal<Typed | null>(null)
  const saved = useSignal(false)
  const { submit, busy, problemOf } = useSubmit({ 'print.target': 'target' }, ['settings'])
  const shown = typed.value ?? read(printer)
  const change = (part: Partial<Typed>) => {
    typed.value = { ...shown, ...part }
  }
  const host = {
    get value() {
      return shown.host
    },
    set value(fresh: string) {
      change({ host: fresh })
    },
  }

  async function save(event: Event) {
    event.preventDefault()
    const { others = [] } = printer.settings
    const settings = { target: targetOf(shown), width: shown.width, others }
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
        <label class="choice">
          {t('admin.printer-kind')}
          <select value={shown.kind} onChange={(event) => change({ kind: event.currentTarget.value as Kind })}>
            <option value="none">{t('admin.printer-none')}</option>
            <option value="network">{t('admin.printer-network')}</option>
            <option value="device">{t('admin.printer-device')}</option>
          </select>
        </label>
        {shown.kind === 'network' && (
          <Field
            label={t('admin.printer-host')}
            hint={t('admin.printer-host-what')}
            value={host}
            problem={problemOf('target') ?? problemOf('settings')}
            required
            autocomplete="off"
            maxLength={120}
          />
        )}
        {shown.kind === 'device' && (
          <PluggedIn
            found={printer.found}
            target={shown.device}
            problem={problemOf('target') ?? problemOf('settings')}
            choose={(device) => change({ device })}
          />
        )}
        {shown.kind !== 'none' && (
          <label class="choice">
            {t('admin.printer-width')}
            <select
              value={shown.width}
              onChange={(event) => change({ width: event.currentTarget.value === '80' ? 80 : 58 })}
            >
              <option value={58}>{t('admin.printer-58')}</option>
              <option value={80}>{t('admin.printer-80')}</option>
            </select>
          </label>
        )}
        <SaveRow
          problem={problemOf(null)}
          disabled={busy || typed.value === null || (shown.kind === 'device' && shown.device === '')}
          saved={saved.value && typed.value === null}
        />
      </form>
      <PrinterState printer={printer} />
      <OtherPrinters printer={printer} />
    </>
  )
}

/** The printers that are there, by name; the one that is set stays in the list while it is unplugged. */
export function PluggedIn({
  found,
  target,
  problem,
  choose,
}: {
  found: Printer['found']
  target: string
  problem: string | undefined
  choose: (target: string) => void
}) {
  const isGone = target !== '' && !found.some((one) => one.target === target)
  if (found.length === 0 && !isGone) return <p class="wrong">{t('admin.printer-none-found')}</p>
  return (
    <label class="choice">
      {t('admin.printer-found')}
      <select value={target} onChange={(event) => choose(event.currentTarget.value)}>
        {target === '' && <option value="">{t('admin.printer-choose')}</option>}
        {found.map((one) => (
          <option key={one.target} value={one.target}>
            {one.name}
          </option>
        ))}
        {isGone && <option value={target}>{t('admin.printer-gone', { name: target.replace('file:', '') })}</option>}
      </select>
      {problem && <span class="wrong">{problem}</span>}
    </label>
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
        {t(`admin.printer-state-${state === 'offline' ? (reason ?? 'error') : state}`)}
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

function read({ settings: { target, width }, found }: Printer): Typed {
  const [, host] = /^tcp:\/\/(.+)$/.exec(target) ?? []
  const isDevice = target.startsWith('file:')
  const kind = host ? 'network' : isDevice ? 'device' : 'none'
  return { kind, host: host ?? '', device: isDevice ? target : (found[0]?.target ?? ''), width }
}

function targetOf({ kind, host, device }: Typed): string {
  if (kind === 'none') return ''
  return kind === 'network' ? `tcp://${host.trim()}` : device
}
