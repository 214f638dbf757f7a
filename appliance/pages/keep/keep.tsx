import '../ui/base.css'
import '../ui/theme-auto.css'
import '../ui/button.css'
import './keep.css'
import { texts } from 'words:keep'
import { signal, useSignal } from '@preact/signals'
import { render } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { fill, type Values } from '../../base/messages/fill.ts'
import { dayMs } from '../../base/time.ts'
import { dotVillage } from '../../base/village-code.ts'
import { readPhoto } from '../check/read-photo.ts'
import { slowNow } from '../ui/clock.ts'
import { judgeKept, type KeptList, type KeptVerdict } from './verify.ts'

/*
 * The page that a phone keeps: one file, no server and no line. Whoever hands it out has put the regency's list into it
 * (base/web/kept-check.ts).
 */

/** An older list misses what was declared void since: one should fetch another. */
const oldDays = 30

const list = JSON.parse(document.getElementById('list')?.textContent ?? '') as KeptList
const language = signal<'id' | 'en'>('id')
const t = (key: string, values: Values = {}): string => fill(texts[language.value][key] ?? key, values, language.value)
const formatDay = (day: string): string =>
  new Intl.DateTimeFormat(language.value, { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' }).format(
    Date.parse(`${day}T12:00:00Z`),
  )

function Keep() {
  const code = useSignal('')
  const name = useSignal('')
  const verdict = useSignal<KeptVerdict | null>(null)
  const problem = useSignal('')
  const head = useRef<HTMLHeadingElement>(null)
  useEffect(() => head.current?.focus(), [verdict.value])
  document.documentElement.lang = language.value
  const days = Math.max(0, Math.floor((slowNow.value - Date.parse(`${list.asOf}T00:00:00+07:00`)) / dayMs))

  function check() {
    problem.value = ''
    verdict.value = judgeKept(code.value, name.value, list)
  }

  /** By the phone's own camera, or a picture that is there; nothing of it leaves the phone. */
  async function take(file: File) {
    const found = await readPhoto(file).catch(() => null)
    if (found === null) {
      verdict.value = null
      problem.value = t('check.no-qr')
      return
    }
    code.value = found
    check()
  }

  return (
    <main class="keep">
      <header>
        <h1>{t('check.title')}</h1>
        <button
          type="button"
          class="button button-quiet"
          onClick={() => {
            language.value = language.value === 'id' ? 'en' : 'id'
          }}
        >
          {texts[language.value === 'id' ? 'en' : 'id']['language.name']}
        </button>
      </header>
      <p class="quiet">{t('keep.what')}</p>
      <p class={days > oldDays ? 'wrong' : 'quiet'}>
        {t('keep.age', { day: formatDay(list.asOf), n: days })} {days > oldDays && t('keep.too-old')}
      </p>
      <form
        class="group"
        onSubmit={(event) => {
          event.preventDefault()
          check()
        }}
      >
        <label class="button button-main photo">
          {t('check.photo')}
          <input
            type="file"
            class="unseen"
            accept="image/*"
            capture="environment"
            onChange={({ currentTarget }) => {
              const file = currentTarget.files?.[0]
              if (file) void take(file)
              currentTarget.value = ''
            }}
          />
        </label>
        <label>
          {t('check.code')}
          <input
            value={code.value}
            autocomplete="off"
            onInput={({ currentTarget }) => {
              code.value = currentTarget.value
            }}
          />
        </label>
        <label>
          {t('check.name')}
          <input
            value={name.value}
            autocomplete="off"
            onInput={({ currentTarget }) => {
              name.value = currentTarget.value
            }}
          />
          <small class="quiet">{t('check.name-hint')}</small>
        </label>
        <button type="submit" class="button">
          {t('check.go')}
        </button>
      </form>
      {problem.value && (
        <p class="wrong" role="alert">
          {problem.value}
        </p>
      )}
      {verdict.value && (
        <section class={`group verdict ${verdict.value.verdict}`} aria-live="polite">
          <h2 ref={head} tabIndex={-1}>
            {t(`check.verdict-${verdict.value.verdict}`)}
          </h2>
          <p>{sentence(verdict.value)}</p>
          {verdict.value.says && <Says verdict={verdict.value} says={verdict.value.says} />}
        </section>
      )}
    </main>
  )
}

function sentence({ verdict, voidedOn }: KeptVerdict): string {
  if (verdict === 'unknown') return t('keep.what-unknown')
  return t(`check.what-${verdict}`, { day: voidedOn ? formatDay(voidedOn) : '' })
}

function Says({ verdict, says }: { verdict: KeptVerdict; says: NonNullable<KeptVerdict['says']> }) {
  const { village, number, day, template } = says
  const called = list.names?.[village]
  const facts = [
    [t('check.kind'), template.charAt(0).toUpperCase() + template.slice(1).replace(/-/g, ' ')],
    [t('check.number'), number],
    [t('check.day'), formatDay(day)],
    [t('check.village'), called ? `${called} (${dotVillage(village)})` : dotVillage(village)],
  ] as const
  return (
    <>
      <dl>
        {facts.map(([word, value]) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {verdict.name !== null && (
        <p class={verdict.name ? 'right' : 'wrong'}>{t(verdict.name ? 'check.name-right' : 'check.name-wrong')}</p>
      )}
      <p class="quiet">{t('check.compare')}</p>
    </>
  )
}

const app = document.getElementById('app')
if (app) render(<Keep />, app)
