import type { AdminView } from '../../screens/admin-view.ts'
import { t } from '../ui/messages.ts'
import { Field } from '../ui/staff/field.tsx'

type Found = AdminView['printer']['found']
type Kind = 'none' | 'network' | 'device'

/** Where a printer is, as it was typed so far: what belongs to another kind stays while one tries this one. */
export type TypedPlace = { kind: Kind; host: string; device: string; width: 58 | 80 }

type Props = {
  typed: TypedPlace
  change: (part: Partial<TypedPlace>) => void
  found: Found
  problem: string | undefined
  /** No printer at all may be chosen. */
  orNone?: boolean
}

/** The fields that say where a printer is and how wide its paper. */
export function PrinterPlace({ typed, change, found, problem, orNone = false }: Props) {
  const { kind, device, width } = typed
  const host = {
    get value() {
      return typed.host
    },
    set value(fresh: string) {
      change({ host: fresh })
    },
  }
  return (
    <>
      <label class="choice">
        {t('admin.printer-kind')}
        <select value={kind} onChange={(event) => change({ kind: event.currentTarget.value as Kind })}>
          {orNone && <option value="none">{t('admin.printer-none')}</option>}
          <option value="network">{t('admin.printer-network')}</option>
          <option value="device">{t('admin.printer-device')}</option>
        </select>
      </label>
      {kind === 'network' && (
        <Field
          label={t('admin.printer-host')}
          hint={t('admin.printer-host-what')}
          value={host}
          problem={problem}
          required
          autocomplete="off"
          maxLength={120}
        />
      )}
      {kind === 'device' && (
        <PluggedIn found={found} target={device} problem={problem} choose={(chosen) => change({ device: chosen })} />
      )}
      {kind !== 'none' && (
        <label class="choice">
          {t('admin.printer-width')}
          <select value={width} onChange={(event) => change({ width: event.currentTarget.value === '80' ? 80 : 58 })}>
            <option value={58}>{t('admin.printer-58')}</option>
            <option value={80}>{t('admin.printer-80')}</option>
          </select>
        </label>
      )}
    </>
  )
}

/** A plugged-in one is meant, and none was chosen. */
export const isUnchosen = ({ kind, device }: TypedPlace): boolean => kind === 'device' && device === ''

/** As the settings have it. */
export function targetOf({ kind, host, device }: TypedPlace): string {
  if (kind === 'none') return ''
  return kind === 'network' ? `tcp://${host.trim()}` : device
}

/** The printers that are there, by name; the one that is set stays in the list while it is unplugged. */
function PluggedIn({
  found,
  target,
  problem,
  choose,
}: {
  found: Found
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
