import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { UpdatesView } from '../../updates/views.ts'
import { ask } from '../ui/api.ts'
import { formatMoment } from '../ui/format.ts'
import { find, t } from '../ui/messages.ts'
import { Problem } from '../ui/staff/problem.tsx'
import { useSubmit } from '../ui/staff/submit.ts'

const lookEveryMs = 5_000

type Bundle = UpdatesView['bundles'][number]
type When = NonNullable<UpdatesView['wish']>['when']

/** The system of a box that was written as an image: what runs, what could, and how the last update went. */
export function System() {
  const view = useSignal<UpdatesView | null>(null)
  const { submit, busy, problemOf } = useSubmit()
  const take = (found: UpdatesView) => {
    view.value = found
  }
  useEffect(() => {
    // Out of reach while the machine starts again: tried again.
    const load = () => void ask<UpdatesView>('GET', '/api/updates').then(take, () => {})
    load()
    const timer = setInterval(load, lookEveryMs)
    return () => clearInterval(timer)
  }, [])

  if (!view.value?.managed) return null
  const { version, program, slot, bundles, coming, wish, last } = view.value
  const install = (file: string, when: When) =>
    submit(async (send) => take(await send<UpdatesView>('POST', '/api/updates', { file, when })))
  const takeBack = () => submit(async (send) => take(await send<UpdatesView>('POST', '/api/updates/take-back', {})))
  return (
    <section class="flows" aria-labelledby="system">
      <h2 id="system">{t('technician.system')}</h2>
      <div class="group form">
        <p>{t('technician.system-runs', { version: version ?? '', slot: slot ?? '' })}</p>
        {program !== version && <p>{t('technician.system-runs-program', { version: program })}</p>}
        {wish && (
          <p role="status">
            <b>{find(`technician.system-${stepOf(wish)}`, { version: nameOf(wish) })}</b>
          </p>
        )}
        {coming && (
          <p>
            {t('technician.system-coming', {
              version: nameOf(coming),
              percent: Math.floor((coming.fetched / coming.bytes) * 100),
            })}
          </p>
        )}
        {wish?.step === 'waiting' && wish.when === 'night' && (
          <button type="button" class="button small more" disabled={busy} onClick={takeBack}>
            {t('technician.system-take-back')}
          </button>
        )}
        {last && (
          <p class={last.outcome === 'done' ? 'quiet' : 'wrong'}>
            {find(`technician.system-ended-${last.outcome}`, { version: nameOf(last), moment: formatMoment(last.at) })}
            {last.reason !== null && ` ${sayReason(last.reason)}`}
          </p>
        )}
        <Problem sentence={problemOf(null)} />
      </div>
      {bundles.length === 0 && <p class="quiet">{t('technician.system-none')}</p>}
      {bundles.length > 0 && (
        <ul class="group">
          {bundles.map((bundle) => (
            <BundleRow
              key={bundle.file}
              bundle={bundle}
              isSame={bundle.version === (bundle.kind === 'program' ? program : version)}
              shut={busy || wish !== null}
              install={install}
            />
          ))}
        </ul>
      )}
    </section>
  )
}

const nameOf = ({ kind, version }: { kind: Bundle['kind']; version: string }): string =>
  kind === 'program' ? t('technician.system-program', { version }) : version

const stepOf = ({ step, byRegency }: NonNullable<UpdatesView['wish']>): string =>
  step === 'waiting' && byRegency ? 'waiting-regency' : step

type Row = { bundle: Bundle; isSame: boolean; shut: boolean; install: (file: string, when: When) => void }

function BundleRow({ bundle, isSame, shut, install }: Row) {
  const { file, name, kind, version, trouble, said } = bundle
  const fits = kind === 'program' ? 'technician.system-alone' : 'technician.system-fits'
  return (
    <li class="version">
      <div>
        <b>{version === null ? name : nameOf({ kind, version })}</b>{' '}
        <span class={trouble ? 'wrong' : 'quiet'}>
          {trouble ? `${find(`error.updates.${trouble}`, {})} (${said})` : t(isSame ? 'technician.system-same' : fits)}
        </span>
      </div>
      {!trouble && (
        <div class="buttons">
          <button type="button" class="button small" disabled={shut} onClick={() => install(file, 'night')}>
            {t('technician.system-at-night')}
          </button>
          <button type="button" class="button small" disabled={shut} onClick={() => install(file, 'now')}>
            {t('technician.system-now')}
          </button>
        </div>
      )}
    </li>
  )
}

const sayReason = (reason: string): string => (reason === 'backup' ? t('technician.system-no-backup') : `(${reason})`)
