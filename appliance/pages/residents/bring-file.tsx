import { useSignal } from '@preact/signals'
import { FileUp } from 'lucide-preact'
import type { Inspected } from '../../imports/views.ts'
import { ask, explain } from '../ui/api.ts'
import { now } from '../ui/clock.ts'
import { toWall } from '../ui/format.ts'
import { t } from '../ui/messages.ts'
import { DayField } from '../ui/staff/day-field.tsx'
import { Field } from '../ui/staff/field.tsx'
import { heedRefusal, session } from '../ui/staff/session.ts'
import { useSubmit } from '../ui/staff/submit.ts'
import { StateLine } from '../ui/state-line.tsx'
import { fieldNames } from './field-names.ts'

/** A slow PC on the office's Wi-Fi, and a box that unpacks a large workbook. */
const uploadMs = 5 * 60_000
const accepts = '.csv,.txt,.xls,.xlsx,.xlsm,.ods'

/** Chooses a file, says what it was taken for, and lets it be read. */
export function BringFile() {
  const inspected = useSignal<Inspected | null>(null)
  const name = useSignal('')
  const busy = useSignal(false)
  const problem = useSignal<string | null>(null)

  async function bring(file: File | null | undefined) {
    if (!file || busy.value) return
    busy.value = true
    problem.value = null
    inspected.value = null
    name.value = file.name
    try {
      const body = new Blob([file], { type: 'application/octet-stream' })
      inspected.value = await ask<Inspected>('POST', '/api/imports/file', body, uploadMs)
    } catch (error) {
      problem.value = explain(error)
      heedRefusal(error)
    } finally {
      busy.value = false
    }
  }

  return (
    <section class="group form">
      <label
        class="drop"
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault()
          void bring(event.dataTransfer?.files[0])
        }}
      >
        <input
          class="unseen"
          type="file"
          accept={accepts}
          disabled={busy.value}
          onChange={({ currentTarget }) => {
            const [file] = currentTarget.files ?? []
            // The same file may be chosen again once it was mended.
            void bring(file).then(() => {
              currentTarget.value = ''
            })
          }}
        />
        <span class={`button ${busy.value || inspected.value ? '' : 'button-main'}`}>
          <FileUp class="icon" strokeWidth={1.8} aria-hidden="true" />
          {inspected.value ? t('imports.choose-other') : t('imports.choose')}
        </span>
        <span class="quiet" role="status">
          {busy.value ? t('imports.looking', { name: name.value }) : t('imports.choose-what')}
        </span>
      </label>
      {problem.value && <StateLine kind="error">{problem.value}</StateLine>}
      {inspected.value && <Confirm key={inspected.value.upload} file={inspected.value} name={name.value} />}
    </section>
  )
}

/** What the file was taken for: confirmed, or set right, before it is read. */
function Confirm({ file, name }: { file: Inspected; name: string }) {
  const zone = session.value?.office.zone ?? 'Asia/Jakarta'
  const asOf = useSignal(toWall(now.peek(), zone).date)
  const source = useSignal(name.slice(0, 100))
  const mark = useSignal('')
  const fields = useSignal<Record<number, string>>(
    Object.fromEntries(file.columns.flatMap(({ index, field }) => (field ? [[index, field]] : []))),
  )
  const { submit, busy, problemOf } = useSubmit({}, ['asOf'])
  const isPlain = file.format === 'plain' || file.format === 'aid'
  const taken = Object.keys(fields.value).length
  /** The list itself says of which programme everybody is. */
  const marks = Object.values(fields.value).includes('marks')

  return (
    <form
      class="confirm"
      onSubmit={(event) => {
        event.preventDefault()
        void submit((send) =>
          send('POST', '/api/imports', {
            ...{ upload: file.upload, source: source.value, asOf: asOf.value, fields: fields.value },
            mark: file.format === 'aid' && !marks ? mark.value : null,
          }),
        )
      }}
    >
      <p class="recognised">
        {t('imports.recognised')} <b>{t(`imports.format-${file.format}`)}</b>
        <span class="quiet">
          {[
            file.sheet && t('imports.sheet', { sheet: file.sheet }),
            file.rows !== null && t('imports.rows', { n: file.rows }),
            t('imports.columns', { taken, n: file.columns.length }),
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </p>
      <div class="pair">
        <Field label={t('imports.source')} value={source} required maxLength={100} hint={t('imports.source-hint')} />
        <DayField
          label={t('imports.as-of')}
          value={asOf}
          required
          hint={t('imports.as-of-hint')}
          problem={problemOf('asOf')}
        />
      </div>
      {file.format === 'aid' && !marks && (
        <Field label={t('imports.mark')} value={mark} required maxLength={60} hint={t('imports.mark-hint')} />
      )}
      <details open={isPlain}>
        <summary>{t('imports.matching')}</summary>
        <p class="quiet">{t('imports.matching-what')}</p>
        <ul class="matching">
          {file.columns.map(({ index, heading, sample }) => (
            <li key={index}>
              <label>
                <span>
                  <b>{heading || t('imports.no-heading', { n: index + 1 })}</b>
                  <small class="quiet">{sample.join(' · ')}</small>
                </span>
                <select
                  value={fields.value[index] ?? ''}
                  onChange={({ currentTarget }) => {
                    const { [index]: _before, ...others } = fields.value
                    fields.value = currentTarget.value ? { ...others, [index]: currentTarget.value } : others
                  }}
                >
                  <option value="">{t('imports.not-taken')}</option>
                  {fieldNames.map((field) => (
                    <option key={field} value={field} disabled={isElsewhere(fields.value, field, index)}>
                      {t(`residents.field-${field}`)}
                    </option>
                  ))}
                </select>
              </label>
            </li>
          ))}
        </ul>
      </details>
      {problemOf(null) && <StateLine kind="error">{problemOf(null)}</StateLine>}
      <div class="buttons">
        <button type="submit" class="button button-main" disabled={busy}>
          {t('imports.check')}
        </button>
        <span class="quiet">{t('imports.check-what')}</span>
      </div>
    </form>
  )
}

/** One column a field, but for marks: a list has a column for each programme. */
const isElsewhere = (fields: Record<number, string>, field: string, index: number): boolean =>
  field !== 'marks' && Object.entries(fields).some(([at, one]) => one === field && Number(at) !== index)
