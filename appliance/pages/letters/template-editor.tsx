import { useSignal } from '@preact/signals'
import { ArrowLeft, Download } from 'lucide-preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { TemplateList, TriedTemplate } from '../../letters/templates-view.ts'
import { ask, explain } from '../ui/api.ts'
import { t } from '../ui/messages.ts'
import { Problem } from '../ui/staff/problem.tsx'
import { heedRefusal } from '../ui/staff/session.ts'
import { useSubmit } from '../ui/staff/submit.ts'
import { StateLine } from '../ui/state-line.tsx'
import { TemplateBlocks } from './template-blocks.tsx'
import { type Draft, fromDraft } from './template-draft.ts'
import { TemplateFields } from './template-fields.tsx'
import { TemplateHead } from './template-head.tsx'
import { TemplateHistory } from './template-history.tsx'
import { NewerTemplate } from './template-newer.tsx'
import { PaperPreview } from './template-preview.tsx'
import { problemAt } from './template-problems.ts'
import { TemplateSigning } from './template-signing.tsx'
import type { Written } from './templates.tsx'

/** What is typed rests for so long before the box is asked how it looks, ms. */
const restMs = 400

type Props = {
  written: Written
  values: TemplateList['values']
  change: (draft: Draft) => void
  /** Throws away what was typed. */
  discard: () => void
  saved: (code: string, sentence: string) => Promise<void>
  said: string | null
  close: () => void
}

/** One kind of letter: what it says, beside the paper as a citizen would get it. */
export function TemplateEditor({ written, values, change, discard, saved, said, close }: Props) {
  const { draft, view, changed } = written
  const tried = useSignal<TriedTemplate | null>(null)
  /** The last paper that could be set: it stays, paler, while a word is half typed. */
  const paper = useSignal<TriedTemplate['paper']>(null)
  const unread = useSignal<string | null>(null)
  /** What is still empty is only said once somebody wanted to save. */
  const asked = useSignal(false)
  const { submit, busy, problemOf } = useSubmit()
  const form = useRef<HTMLFormElement>(null)
  const head = useRef<HTMLHeadingElement>(null)
  const turn = useRef(0)
  useLayoutEffect(() => head.current?.focus(), [])

  async function look(): Promise<TriedTemplate | null> {
    const own = ++turn.current
    try {
      const answer = await ask<TriedTemplate>('POST', '/api/letters/kinds/try', { template: fromDraft(draft) })
      if (own !== turn.current) return answer
      tried.value = answer
      if (answer.paper) paper.value = answer.paper
      unread.value = null
      return answer
    } catch (error) {
      unread.value = explain(error)
      heedRefusal(error)
      return null
    }
  }
  const text = JSON.stringify(fromDraft(draft))
  useEffect(() => {
    const timer = setTimeout(() => void look(), tried.value ? restMs : 0)
    return () => clearTimeout(timer)
  }, [text])

  async function save(template = fromDraft(draft)) {
    asked.value = true
    const found = await look()
    if (!found) return
    if (found.problems.length > 0) {
      // The first place where something is wrong is where one types on.
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus())
      return
    }
    let code = ''
    const done = await submit(async (send) => {
      const body = { template, expected: view?.hash ?? null }
      code = (await send<{ code: string }>('POST', '/api/letters/kinds', body)).code
    })
    if (done) await saved(code, t('letters.saved'))
  }
  async function post(what: string, sentence: string, body = {}) {
    const path = `/api/letters/kinds/${draft.code}/${what}`
    if (await submit((send) => send('POST', path, body))) await saved(draft.code, sentence)
  }

  const problems = (tried.value?.problems ?? []).filter(({ empty }) => asked.value || !empty)
  const set = (some: Partial<Draft>) => change({ ...draft, ...some })
  return (
    <>
      <header class="room">
        <div>
          <button type="button" class="button button-quiet back" onClick={close}>
            <ArrowLeft class="icon" strokeWidth={1.8} aria-hidden="true" />
            {t('letters.kind-back')}
          </button>
          <h1 ref={head} tabIndex={-1}>
            {view?.template.title ?? t('letters.kind-new')}
          </h1>
          <p class="quiet">{view ? t(`letters.source-what-${view.source}`) : t('letters.kind-new-what')}</p>
        </div>
        {view && (
          <div class="buttons">
            <button
              type="button"
              class="button"
              disabled={busy}
              onClick={() => void post('use', t('letters.saved'), { used: !view.used })}
            >
              {view.used ? t('letters.kind-turn-off') : t('letters.kind-turn-on')}
            </button>
            <a class="button" download href={`/api/letters/kinds/${draft.code}/template.json`}>
              <Download class="icon" strokeWidth={1.8} aria-hidden="true" />
              {t('letters.kind-export')}
            </a>
          </div>
        )}
      </header>
      {unread.value && <StateLine kind="error">{unread.value}</StateLine>}
      {view && !view.used && <StateLine kind="cut">{t('letters.kind-off-what')}</StateLine>}
      {view?.newer && (
        <NewerTemplate
          code={draft.code}
          newer={view.newer}
          busy={busy}
          take={(sentence) => void post('drop', sentence)}
          keep={() => void save(view.template)}
        />
      )}
      <p class="said" role="status">
        {said}
      </p>
      <div class="kind">
        <section class="group">
          <form
            ref={form}
            class="form"
            noValidate
            onSubmit={(event) => {
              event.preventDefault()
              void save()
            }}
          >
            <TemplateHead draft={draft} problems={problems} set={set} />
            <TemplateFields
              fields={draft.fields}
              problems={problems}
              change={(fields) => {
                set({ fields })
              }}
            />
            <TemplateBlocks
              blocks={draft.blocks}
              fields={draft.fields}
              values={values}
              problems={problems}
              change={(blocks) => {
                set({ blocks })
              }}
            />
            <TemplateSigning draft={draft} problems={problems} set={set} />
            <Problem sentence={problemOf(null) ?? problems.filter(({ where }) => where === '').map(wholeOf)[0]} />
            {asked.value && problems.length > 0 && (
              <p class="wrong" role="status">
                {t('letters.kind-wrong', { n: problems.length })}
              </p>
            )}
            <div class="buttons">
              <button type="submit" class="button button-main" disabled={busy}>
                {t('ui.save')}
              </button>
              {changed && (
                <button type="button" class="button button-quiet" onClick={discard}>
                  {t('letters.kind-discard')}
                </button>
              )}
            </div>
            {changed && <p class="quiet">{t('letters.kind-unsaved-what')}</p>}
          </form>
        </section>
        <PaperPreview paper={paper.value} stale={!tried.value?.paper} />
      </div>
      {view && (
        <TemplateHistory
          view={view}
          busy={busy}
          restore={(row) => void post('restore', t('letters.kind-restored'), { row })}
          drop={
            view.hash && view.beneath
              ? () => void post('drop', t(`letters.dropped-${view.beneath ?? 'regency'}`))
              : null
          }
        />
      )}
    </>
  )
}

const wholeOf = (one: TriedTemplate['problems'][number]): string | undefined => problemAt([one], '')
