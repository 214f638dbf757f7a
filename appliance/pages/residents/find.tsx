import { useSignal, useSignalEffect } from '@preact/signals'
import { Search } from 'lucide-preact'
import { useEffect, useRef } from 'preact/hooks'
import type { OpeningReason, ResidentLine, ResidentRecord, ResidentsView } from '../../residents/views.ts'
import { ask, createSender, explain, Refusal } from '../ui/api.ts'
import { formatOfficeDay } from '../ui/format.ts'
import { t } from '../ui/messages.ts'
import { heedRefusal, locked } from '../ui/staff/session.ts'
import { StateLine } from '../ui/state-line.tsx'
import { Line } from './line.tsx'
import { Reasons } from './reasons.tsx'
import { Record } from './record.tsx'

type Props = {
  view: ResidentsView | null
  /** The box is away: what was typed is looked for when it is back. */
  cut: boolean
  keeps: boolean
  toImports: () => void
}

/** Whom another page means: `#find=SITI`, which no server reads. */
function askedFor(): string {
  const [, name = ''] = /^#find=(.{1,200})$/.exec(location.hash) ?? []
  if (name) history.replaceState(null, '', location.pathname)
  try {
    return decodeURIComponent(name)
  } catch {
    return ''
  }
}

/** So long after the last key the box is asked: one letter typed is no question. */
const restMs = 90

/** One field that finds anybody, the list below it, and the record that was opened beside it. */
export function Find({ view, cut, keeps, toImports }: Props) {
  const query = useSignal(askedFor())
  /** What the list is of; another text than in the field while the box is asked. */
  const found = useSignal<{ query: string; lines: ResidentLine[] } | null>(null)
  const at = useSignal(0)
  const wanted = useSignal<{ line: ResidentLine; why: string } | null>(null)
  const record = useSignal<ResidentRecord | null>(null)
  const problem = useSignal<string | null>(null)
  /** Somebody was erased just now. */
  const erased = useSignal(false)
  const box = useRef<HTMLInputElement>(null)
  const asked = useRef(0)
  const send = useRef(createSender())
  /** Enter was pressed before the answer came: readers type faster than any box answers. */
  const entered = useRef(false)

  // Whoever goes away leaves nobody's record on the screen.
  useSignalEffect(() => {
    if (!locked.value) return
    record.value = null
    wanted.value = null
  })

  useEffect(() => {
    const text = query.value.trim()
    const mine = ++asked.current
    if (text.length < 2) {
      found.value = null
      problem.value = null
      return
    }
    const timer = setTimeout(() => void find(text, mine), restMs)
    return () => clearTimeout(timer)
  }, [query.value, cut, view?.count, view?.newest?.at])

  function failed(error: unknown) {
    problem.value = explain(error)
    heedRefusal(error)
  }

  async function find(text: string, mine: number) {
    try {
      const answer = await ask<{ found: ResidentLine[] }>('POST', '/api/residents/find', { query: text })
      if (mine !== asked.current) return
      found.value = { query: text, lines: answer.found }
      at.value = 0
      problem.value = null
      const [only] = answer.found
      if (entered.current && only && answer.found.length === 1) void open(only)
      entered.current = false
    } catch (error) {
      if (mine === asked.current) failed(error)
    }
  }

  /** Without a reason first: a number in service is one, and the box knows it. */
  async function open(line: ResidentLine, reason: OpeningReason | null = null, note = '') {
    try {
      record.value = await send.current<ResidentRecord>('POST', `/api/residents/${line.resident}/open`, {
        reason,
        note,
      })
      wanted.value = null
      problem.value = null
    } catch (error) {
      const why = whyOf(error)
      if (why === null) return failed(error)
      record.value = null
      wanted.value = { line, why }
      problem.value = null
    }
  }

  function close() {
    record.value = null
    wanted.value = null
    box.current?.focus()
  }

  const lines = found.value?.lines ?? []
  const isStale = found.value !== null && found.value.query !== query.value.trim()
  return (
    <main
      class={`residents ${record.value || wanted.value ? 'opened' : ''}`}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && (record.value || wanted.value)) {
          event.preventDefault()
          close()
        }
      }}
    >
      <section class="finding">
        <h1 class="unseen">{t('residents.title')}</h1>
        <form
          class="search"
          onSubmit={(event) => {
            event.preventDefault()
            const line = lines[at.value]
            if (isStale || !found.value) entered.current = true
            else if (line) void open(line)
          }}
        >
          <Search class="icon" strokeWidth={1.8} aria-hidden="true" />
          <input
            ref={box}
            type="search"
            // Nothing that is typed here is kept by the browser.
            autocomplete="off"
            autocapitalize="words"
            spellcheck={false}
            autofocus
            maxLength={200}
            value={query.value}
            aria-label={t('residents.query')}
            aria-describedby="residents-hint"
            aria-controls="residents-found"
            placeholder={t('residents.query')}
            onInput={({ currentTarget }) => {
              entered.current = false
              erased.value = false
              query.value = currentTarget.value
            }}
            onKeyDown={(event) => {
              const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
              if (step === 0 || lines.length === 0) return
              event.preventDefault()
              at.value = (at.value + step + lines.length) % lines.length
              document.getElementById(`line-${at.value}`)?.scrollIntoView({ block: 'nearest' })
            }}
          />
        </form>
        <p id="residents-hint" class="quiet hint">
          {t('residents.hint')}
        </p>
        {erased.value && (
          <p class="known" role="status">
            {t('residents.erase-done')}
          </p>
        )}
        {problem.value && <StateLine kind="error">{problem.value}</StateLine>}
        {found.value && (
          <p class="unseen" role="status">
            {t('residents.found', { n: lines.length })}
          </p>
        )}
        <ul id="residents-found" class={`group lines-found ${isStale ? 'dimmed' : ''}`} hidden={lines.length === 0}>
          {lines.map((line, index) => (
            <li key={line.resident}>
              <button
                id={`line-${index}`}
                type="button"
                class="line"
                aria-current={index === at.value ? 'true' : undefined}
                onClick={() => {
                  at.value = index
                  void open(line)
                }}
              >
                <Line line={line} />
              </button>
            </li>
          ))}
        </ul>
        {found.value && lines.length === 0 && !isStale && (
          <p class="nobody">
            {t('residents.nobody')} <span class="quiet">{t('residents.nobody-what')}</span>
          </p>
        )}
        {!found.value && view && <Nothing {...{ view, keeps, toImports }} />}
      </section>
      <section class="opening" aria-live="polite">
        {wanted.value && (
          <Reasons
            line={wanted.value.line}
            why={wanted.value.why}
            problem={problem.value}
            open={(reason, note) => wanted.value && open(wanted.value.line, reason, note)}
            close={close}
          />
        )}
        {record.value && (
          <Record
            record={record.value}
            keeps={keeps}
            open={(line) => open(line)}
            close={close}
            erased={() => {
              erased.value = true
              query.value = ''
              close()
            }}
          />
        )}
      </section>
    </main>
  )
}

/** Before anything is typed: how many the box knows, and of when; in a new office what to do. */
function Nothing({ view, keeps, toImports }: Omit<Props, 'cut'> & { view: ResidentsView }) {
  if (view.count > 0 && view.newest)
    return (
      <>
        {keeps && view.inClear && <p class="in-clear">{t('residents.in-clear')}</p>}
        <p class="quiet known">
          {t('residents.known', {
            n: view.count,
            source: view.newest.source,
            day: formatOfficeDay(view.newest.asOf),
          })}
        </p>
      </>
    )
  return (
    <div class="nobody">
      <p>{t('residents.empty')}</p>
      {keeps ? (
        <button type="button" class="button button-main" onClick={toImports}>
          {t('residents.empty-go')}
        </button>
      ) : (
        <p class="quiet">{t('residents.empty-ask')}</p>
      )}
    </div>
  )
}

/** Why the box asks for a reason; null: it refuses for something else. */
function whyOf(error: unknown): string | null {
  const why = error instanceof Refusal ? error.problem.details.why : undefined
  return why === undefined ? null : String(why)
}
