import { useSignal } from '@preact/signals'
import { Printer } from 'lucide-preact'
import { useEffect } from 'preact/hooks'
import type { CaseKind, CaseKinds } from '../../cases/views.ts'
import { ask, explain } from '../ui/api.ts'
import { language, t } from '../ui/messages.ts'
import { heedRefusal } from '../ui/staff/session.ts'
import { StateLine } from '../ui/state-line.tsx'

/** What an office hangs out of each service, and its promise, as posters. */
export function Standard() {
  const kinds = useSignal<CaseKind[]>([])
  const problem = useSignal<string | null>(null)
  useEffect(() => {
    ask<CaseKinds>('GET', '/api/cases/kinds').then(
      (answer) => {
        kinds.value = answer.kinds
      },
      (error) => {
        problem.value = explain(error)
        heedRefusal(error)
      },
    )
  }, [])
  return (
    <>
      <header class="room">
        <div>
          <h1>{t('cases.standard')}</h1>
          <p class="quiet">{t('cases.standard-what')}</p>
        </div>
        <div class="buttons">
          <Poster path="maklumat.pdf" word={t('cases.print-maklumat')} />
          <Poster path="standard.pdf" word={t('cases.print-all')} />
        </div>
      </header>
      {problem.value && <StateLine kind="error">{problem.value}</StateLine>}
      <ul class="group">
        {kinds.value.map(({ code, title, papers, agency }) => (
          <li key={code} class="row">
            <div class="about">
              <b>{title}</b>
              <p class="quiet">{[agency?.name, papers.join(', ')].filter(Boolean).join(' · ')}</p>
            </div>
            <div class="buttons">
              <Poster path={`standard.pdf?kind=${encodeURIComponent(code)}`} word={t('cases.print')} of={title} />
            </div>
          </li>
        ))}
      </ul>
    </>
  )
}

function Poster({ path, word, of }: { path: string; word: string; of?: string }) {
  const address = `/api/cases/${path}${path.includes('?') ? '&' : '?'}language=${language.value}`
  return (
    <a class="button" href={address} target="_blank" rel="noopener" {...(of ? { 'aria-label': `${word}: ${of}` } : {})}>
      <Printer class="icon" strokeWidth={1.8} aria-hidden="true" />
      {word}
    </a>
  )
}
