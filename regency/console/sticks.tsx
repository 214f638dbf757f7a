import { useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'
import { ask, explain } from '../../appliance/pages/ui/api.ts'
import { download } from '../../appliance/pages/ui/download.ts'
import { formatMoment } from '../../appliance/pages/ui/format.ts'
import { count, t } from '../../appliance/pages/ui/messages.ts'
import type { ImportedView } from '../sticks/views.ts'
import { dotted } from './rows.ts'
import type { VillageRow } from './view.ts'

/** A large file over a thin line, judged batch by batch. */
const patienceMs = 10 * 60_000

type Brought = { file: string; said: ImportedView | null; wrong: string }

/** What boxes without a line wrote onto sticks, and the receipts that go back. */
export function Sticks({ villages }: { villages: VillageRow[] }) {
  const brought = useSignal<Brought[]>([])
  const busy = useSignal('')
  const id = useId()

  async function takeAll(files: readonly File[]): Promise<void> {
    // The oldest first, as their names are.
    for (const file of [...files].sort((one, other) => one.name.localeCompare(other.name))) {
      busy.value = file.name
      const result = await take(file)
      brought.value = [result, ...brought.value]
    }
    busy.value = ''
  }
  const nameOf = (code: string) => villages.find(({ village }) => village === code)?.name ?? dotted(code)
  return (
    <>
      <header class="room">
        <div>
          <h1>{t('hub.part-sticks')}</h1>
          <p class="quiet">{t('hub.stick-what')}</p>
        </div>
      </header>
      <div class="group new form">
        <label class="field" for={id}>
          {t('hub.stick-choose')}
          <input
            id={id}
            type="file"
            multiple
            accept=".balai"
            disabled={busy.value !== ''}
            onChange={(event) => {
              const input = event.currentTarget
              void takeAll([...(input.files ?? [])]).finally(() => {
                input.value = ''
              })
            }}
          />
        </label>
        <p role="status">{busy.value && t('hub.stick-busy', { file: busy.value })}</p>
      </div>
      <ul class="group" aria-live="polite" hidden={brought.value.length === 0}>
        {brought.value.map((one, index) => (
          <li class="row" key={brought.value.length - index}>
            <div class="about">
              <b>{one.said ? nameOf(one.said.village) : one.file}</b>
              {one.said ? (
                <Said {...one.said} file={one.file} />
              ) : (
                <p class="wrong" role="alert">
                  {one.wrong}
                </p>
              )}
            </div>
            <div class="buttons">{one.said && <Receipt {...one.said.receipt} />}</div>
          </li>
        ))}
      </ul>
      {brought.value.some(({ said }) => said) && <p class="quiet">{t('hub.stick-receipt-what')}</p>}
    </>
  )
}

function Said({ at, file, ...said }: ImportedView & { file: string }) {
  return (
    <>
      <p class="quiet">{t('hub.stick-of', { moment: formatMoment(at), file })}</p>
      {(said.entries + said.photos > 0 || said.troubles.length === 0) && <p>{sayTaken(said)}</p>}
      {said.troubles.map(({ kind, code, message }) => (
        <p class="wrong" key={`${kind} ${code}`}>
          {sayTrouble({ kind, code, message })}
        </p>
      ))}
    </>
  )
}

function sayTaken({ entries, photos }: Pick<ImportedView, 'entries' | 'photos'>): string {
  if (entries + photos === 0) return t('hub.stick-nothing-new')
  return [
    ...(entries > 0 ? [t('hub.stick-new', { n: count(entries) })] : []),
    ...(photos > 0 ? [t('hub.stick-new-photos', { n: count(photos) })] : []),
  ].join(' ')
}

function sayTrouble({ kind, code, message }: ImportedView['troubles'][number]): string {
  if (kind === 'gap') return t('hub.stick-gap')
  if (kind === 'refused') return t('hub.stick-refused', { code, message })
  return t(
    code === 'unknown'
      ? 'hub.stick-photos-unknown'
      : code === 'full'
        ? 'hub.stick-photos-full'
        : 'hub.stick-photos-later',
  )
}

const Receipt = ({ name, text }: ImportedView['receipt']) => (
  <button type="button" class="button" onClick={() => download(name, text, 'application/octet-stream')}>
    {t('hub.stick-receipt')}
  </button>
)

async function take(file: File): Promise<Brought> {
  try {
    const body = new Blob([await file.arrayBuffer()], { type: 'application/octet-stream' })
    const said = await ask<ImportedView>('POST', '/api/sticks', body, patienceMs)
    return { file: file.name, said, wrong: '' }
  } catch (error) {
    return { file: file.name, said: null, wrong: explain(error) }
  }
}
