import { useSignal } from '@preact/signals'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { CaseKind, CaseKinds } from '../../cases/views.ts'
import { ask, explain } from '../ui/api.ts'
import { t } from '../ui/messages.ts'
import { formatFee } from '../ui/published.ts'
import { DayField } from '../ui/staff/day-field.tsx'
import { Form } from '../ui/staff/section.tsx'
import { heedRefusal } from '../ui/staff/session.ts'
import { useSubmit } from '../ui/staff/submit.ts'
import { LetterPicker } from './letter-picker.tsx'

type Props = { resident: string; saved: (id: string) => void; close: () => void }

/** An application: what for, and which of its papers are here. */
export function CaseForm({ resident, saved, close }: Props) {
  const kinds = useSignal<CaseKind[]>([])
  const unread = useSignal<string | null>(null)
  const kind = useSignal<CaseKind | null>(null)
  const seen = useSignal<ReadonlySet<string>>(new Set())
  const until = useSignal('')
  const head = useRef<HTMLHeadingElement>(null)
  const { submit, busy, problemOf, forget } = useSubmit()
  const chosen = kind.value
  const papers = chosen?.papers ?? []
  const lacking = papers.filter((paper) => !seen.value.has(paper))
  useEffect(() => {
    ask<CaseKinds>('GET', '/api/cases/kinds').then(
      (answer) => {
        kinds.value = answer.kinds
      },
      (error) => {
        unread.value = explain(error)
        heedRefusal(error)
      },
    )
  }, [])
  // Read first by who hears the page, and one step before what is to be marked.
  useLayoutEffect(() => head.current?.focus(), [chosen])

  async function save() {
    if (!chosen) return
    let opened = ''
    const later = until.value === '' ? null : until.value
    const list = papers.map((name) =>
      seen.value.has(name)
        ? { name, state: 'seen', until: null }
        : { name, state: later ? 'later' : 'missing', until: later },
    )
    const done = await submit(async (send) => {
      const body = { kind: chosen.code, resident, papers: list }
      opened = (await send<{ case: string }>('POST', '/api/cases', body)).case
    })
    if (done) saved(opened)
  }

  return (
    <div class="group proposal-form">
      <Form
        save={() => void save()}
        go={t('cases.save')}
        busy={busy || !chosen}
        close={close}
        problem={problemOf(null) ?? unread.value ?? undefined}
      >
        {!chosen && (
          <LetterPicker
            label={t('cases.which')}
            templates={kinds.value}
            choose={(one) => {
              kind.value = kinds.value.find(({ code }) => code === one.code) ?? null
              forget()
            }}
          />
        )}
        {chosen && (
          <>
            <div class="chosen-letter">
              <h4 ref={head} tabIndex={-1}>
                {chosen.title}
              </h4>
              <button
                type="button"
                class="button button-quiet"
                onClick={() => {
                  kind.value = null
                  forget()
                }}
              >
                {t('cases.another')}
              </button>
            </div>
            <About kind={chosen} />
            {papers.length === 0 ? (
              <p class="quiet">{t('cases.no-papers')}</p>
            ) : (
              <fieldset class="papers">
                <legend>{t('cases.papers')}</legend>
                {papers.map((paper) => (
                  <label key={paper}>
                    <input
                      type="checkbox"
                      checked={seen.value.has(paper)}
                      onChange={({ currentTarget }) => {
                        const next = new Set(seen.value)
                        if (currentTarget.checked) next.add(paper)
                        else next.delete(paper)
                        seen.value = next
                      }}
                    />
                    {paper}
                  </label>
                ))}
              </fieldset>
            )}
            {lacking.length > 0 && lacking.length < papers.length + 1 && (
              <DayField label={t('cases.until')} value={until} />
            )}
          </>
        )}
      </Form>
    </div>
  )
}

/** What the service standard publishes of it, in one line each. */
function About({ kind: { within, fee, result, procedure, agency, template } }: { kind: CaseKind }) {
  const promised =
    within === null
      ? null
      : 'days' in within
        ? t('cases.promised-days', { n: within.days })
        : t('cases.promised-minutes', { n: Math.round((within.minutes / 60) * 10) / 10 })
  const lines = [
    template === null ? agency && t('cases.goes-to', { agency: agency.name }) : t('cases.ends-in-letter'),
    promised,
    fee === null ? null : t('cases.fee', { fee: fee === 0 ? t('cases.free') : formatFee(fee) }),
    result === null || template !== null ? null : t('cases.result', { result }),
    procedure === null ? null : t('cases.procedure', { procedure }),
  ].filter((line) => line !== null)
  return (
    <ul class="quiet about-kind">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  )
}
