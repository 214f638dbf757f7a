import { useSignal } from '@preact/signals'
import { useEffect, useId, useRef } from 'preact/hooks'
import { ask, codeOf } from '../../appliance/pages/ui/api.ts'
import { formatMoment } from '../../appliance/pages/ui/format.ts'
import { t } from '../../appliance/pages/ui/messages.ts'
import { Field } from '../../appliance/pages/ui/staff/field.tsx'
import { Problem } from '../../appliance/pages/ui/staff/problem.tsx'
import { Form } from '../../appliance/pages/ui/staff/section.tsx'
import { useSubmit } from '../../appliance/pages/ui/staff/submit.ts'
import { StateLine } from '../../appliance/pages/ui/state-line.tsx'
import type { Checked, Choices, Sent } from '../datasets/views.ts'
import { CheckedFile } from './checked-file.tsx'
import { type ChosenFile, FileField } from './file-field.tsx'
import { PlacesField, placesOf, useChosenPlaces } from './places-field.tsx'
import { nameOfActor, nameOfDataset } from './words.ts'

const stages = ['1', '10', 'all'] as const
/** A file of some MiB from an office far away. */
const uploadMs = 120_000

type Props = { names: string[]; sent: (dataset: string) => (sent: Sent) => void; close: () => void }

/** A file is checked; without a mistake and with its differences read, exactly it is published. */
export function Publish({ names, sent, close }: Props) {
  const choices = useSignal<Choices | null>(null)
  const dataset = useSignal(names[0] ?? '')
  const file = useSignal<ChosenFile | null>(null)
  const fileProblem = useSignal('')
  const checked = useSignal<Checked | null>(null)
  const overtaken = useSignal(false)
  const overtakenLine = useRef<HTMLDivElement>(null)
  const places = useChosenPlaces()
  const placesProblem = useSignal('')
  const stage = useSignal<(typeof stages)[number]>('1')
  const note = useSignal('')
  const loading = useSubmit()
  const checking = useSubmit()
  const publishing = useSubmit()
  const id = useId()

  useEffect(() => {
    void loading.submit(async () => {
      choices.value = await ask<Choices>('GET', '/api/datasets/choices')
    })
  }, [])

  // The button that was pressed stands far below what has to be read now.
  useEffect(() => overtakenLine.current?.focus(), [overtaken.value])

  /** Another file or dataset has to be checked by itself. */
  function forget() {
    checked.value = null
    overtaken.value = false
    fileProblem.value = ''
  }

  async function look() {
    const body = { dataset: dataset.value, file: file.value?.base64 ?? '' }
    checked.value = await ask<Checked>('POST', '/api/datasets/check', body, uploadMs)
  }

  async function check() {
    if (!file.value) {
      fileProblem.value ||= t('hub.data-file-first')
      return
    }
    overtaken.value = false
    publishing.forget()
    await checking.submit(look)
  }

  const { of, say } = placesOf(places, choices.value?.villages ?? [])
  const n = stage.value === 'all' ? of : Math.min(of, Number(stage.value))

  async function publish() {
    placesProblem.value = of === 0 ? t('hub.data-choose-villages') : ''
    if (of === 0) return
    const body = {
      ...{ dataset: dataset.value, file: file.value?.base64 ?? '', places: say, stage: stage.value, note: note.value },
      expected: checked.value?.newest?.version ?? null,
    }
    await publishing.submit(async () => {
      try {
        sent(dataset.value)(await ask<Sent>('POST', '/api/datasets/publish', body, uploadMs))
      } catch (error) {
        if (codeOf(error) !== 'datasets.newer') throw error
        await look()
        overtaken.value = true
      }
    })
  }

  const columns = choices.value?.columns[dataset.value] ?? []
  const named = (all: typeof columns) => all.map(({ name }) => name).join(', ')
  const newest = checked.value?.newest
  return (
    <>
      <Form
        save={check}
        go={t('hub.data-check')}
        busy={checking.busy || publishing.busy}
        close={close}
        problem={loading.problemOf(null) ?? checking.problemOf(null)}
      >
        <div class="field">
          <label for={id}>{t('hub.data-which')}</label>
          <select
            id={id}
            value={dataset.value}
            aria-describedby={`${id}-say`}
            onChange={(event) => {
              dataset.value = event.currentTarget.value
              forget()
            }}
          >
            {names.map((one) => (
              <option key={one} value={one}>
                {nameOfDataset(one)}
              </option>
            ))}
          </select>
          <small id={`${id}-say`} class="quiet">
            {columns.length > 0 &&
              t('hub.data-columns', { columns: named(columns), needed: named(columns.filter(({ needed }) => needed)) })}
          </small>
        </div>
        <FileField
          file={file}
          problem={fileProblem}
          mostBytes={choices.value?.mostBytes ?? Number.POSITIVE_INFINITY}
          chosen={forget}
        />
      </Form>
      {overtaken.value && newest && (
        <div class="overtaken" ref={overtakenLine} tabIndex={-1}>
          <StateLine kind="error">
            {t('hub.data-overtaken', {
              ...{ name: nameOfActor(newest.doer), version: newest.version, at: formatMoment(newest.at) },
            })}
          </StateLine>
        </div>
      )}
      {checked.value && <CheckedFile of={checked.value} dataset={dataset.value} />}
      {checked.value?.differences && (
        <form
          class="form"
          onSubmit={(event) => {
            event.preventDefault()
            void publish()
          }}
        >
          <PlacesField places={places} villages={choices.value?.villages ?? []} problem={placesProblem.value} />
          <fieldset class="field">
            <legend>{t('hub.data-stage')}</legend>
            <div class="choices">
              {stages.map((one) => (
                <label key={one}>
                  <input
                    type="radio"
                    name={`${id}-stage`}
                    checked={stage.value === one}
                    onChange={() => {
                      stage.value = one
                    }}
                  />
                  {t(`hub.data-stage-${one}`)}
                </label>
              ))}
            </div>
            <small class="quiet">{t('hub.data-stage-what')}</small>
          </fieldset>
          <Field label={t('hub.data-note')} hint={t('hub.data-note-what')} value={note} maxLength={200} />
          <Problem sentence={publishing.problemOf(null)} />
          <div class="buttons">
            <button type="submit" class="button button-main" disabled={publishing.busy || checking.busy}>
              {of === 0 ? t('hub.data-publish-now') : t('hub.data-publish-to', { n })}
            </button>
          </div>
        </form>
      )}
    </>
  )
}
