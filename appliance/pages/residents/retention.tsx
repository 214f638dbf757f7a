import { type Signal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { RetentionDays, RetentionKind, RetentionView } from '../../residents/views.ts'
import { ask, explain } from '../ui/api.ts'
import { language, t } from '../ui/messages.ts'
import { Field } from '../ui/staff/field.tsx'
import { Problem } from '../ui/staff/problem.tsx'
import { heedRefusal } from '../ui/staff/session.ts'
import { useSubmit } from '../ui/staff/submit.ts'
import { StateLine } from '../ui/state-line.tsx'

const kinds = ['dead', 'moved', 'openings', 'staged', 'problems', 'photos'] as const satisfies readonly RetentionKind[]

/** How long what is kept of people stays, by kind, and what goes next. */
export function Retention() {
  const view = useSignal<RetentionView | null>(null)
  const problem = useSignal<string | null>(null)
  useEffect(() => {
    ask<RetentionView>('GET', '/api/residents/retention').then(
      (answer) => {
        view.value = answer
      },
      (error) => {
        problem.value = explain(error)
        heedRefusal(error)
      },
    )
  }, [])
  return (
    <main class="imports retention" aria-busy={view.value === null && problem.value === null}>
      <header class="room">
        <div>
          <h1>{t('residents.retention')}</h1>
          <p class="quiet">{t('residents.retention-what')}</p>
        </div>
      </header>
      {problem.value && <StateLine kind="error">{problem.value}</StateLine>}
      {view.value && <Days view={view as Signal<RetentionView>} />}
    </main>
  )
}

function Days({ view }: { view: Signal<RetentionView> }) {
  const typed = Object.fromEntries(
    kinds.map((kind) => [kind, useSignal(String(view.value.days[kind] ?? ''))]),
  ) as unknown as Record<RetentionKind, Signal<string>>
  const saved = useSignal(false)
  const { submit, busy, problemOf } = useSubmit()

  async function save() {
    const days = Object.fromEntries(
      kinds.map((kind) => [kind, typed[kind].value === '' ? null : Number(typed[kind].value)]),
    ) as RetentionDays
    saved.value = await submit(async (send) => {
      view.value = await send<RetentionView>('PUT', '/api/residents/retention', { days })
    })
  }
  return (
    <form
      class="group form"
      onInput={() => {
        saved.value = false
      }}
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <ul class="kinds">
        {kinds.map((kind) => (
          <li key={kind}>
            <Field
              label={t(`residents.retention-${kind}`)}
              value={typed[kind]}
              hint={t(`residents.retention-${kind}-what`)}
              inputMode="numeric"
              pattern="[1-9][0-9]{0,3}|[12][0-9]{4}|3[0-5][0-9]{3}|36[0-4][0-9]{2}|36500"
              say={{ pattern: t('residents.retention-days') }}
              autocomplete="off"
              beside={<span class="quiet">{t('residents.retention-unit')}</span>}
            />
            <p>
              <b class="num">{view.value.next[kind].toLocaleString(language.value)}</b>{' '}
              <span class="quiet">{t(`residents.retention-${kind}-next`)}</span>
            </p>
          </li>
        ))}
      </ul>
      <Problem sentence={problemOf(null)} />
      <div class="buttons">
        <button type="submit" class="button button-main" disabled={busy}>
          {t('ui.save')}
        </button>
        <span class="quiet" role="status">
          {saved.value ? t('residents.retention-saved') : ''}
        </span>
      </div>
    </form>
  )
}
