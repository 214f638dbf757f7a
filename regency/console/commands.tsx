import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { ask } from '../../appliance/pages/ui/api.ts'
import { formatMoment } from '../../appliance/pages/ui/format.ts'
import { count, find, t } from '../../appliance/pages/ui/messages.ts'
import { Row } from '../../appliance/pages/ui/staff/row.tsx'
import { Section } from '../../appliance/pages/ui/staff/section.tsx'
import type { Me } from '../../appliance/pages/ui/staff/session.ts'
import { useSubmit } from '../../appliance/pages/ui/staff/submit.ts'
import { StateLine } from '../../appliance/pages/ui/state-line.tsx'
import { states } from '../commands/states.ts'
import { CommandForm } from './command-form.tsx'
import type { CommandRow, CommandsView, OutcomesView } from './commands-view.ts'
import { dotted } from './rows.ts'
import type { VillageRow } from './view.ts'
import './commands.css'

const againMs = 5_000

/** What was asked of boxes and what became of it; looked at again while it is shown. */
export function Commands({ me, villages, shown }: { me: Me; villages: VillageRow[]; shown: boolean }) {
  const view = useSignal<CommandsView | null>(null)
  const beat = useSignal(0)
  const { submit, busy, problemOf } = useSubmit()

  /** The newest ones in the place of what is shown of them, or those behind `before`. */
  const load = async (before: number | null = null) => {
    const page = await ask<CommandsView>('GET', `/api/commands${before === null ? '' : `?before=${before}`}`)
    const known = view.value
    const oldest = page.rows[page.rows.length - 1]?.given ?? 0
    if (known && before !== null) view.value = { rows: [...known.rows, ...page.rows], before: page.before }
    else if (known && page.before !== null && known.rows.length > page.rows.length)
      view.value = { ...known, rows: [...page.rows, ...known.rows.filter(({ given }) => given < oldest)] }
    else view.value = page
  }
  useEffect(() => {
    if (!shown) return
    void submit(() => load())
    const timer = setInterval(() => {
      beat.value++
      load().catch(() => {}) // cut off: the head of the page says so
    }, againMs)
    return () => clearInterval(timer)
  }, [shown])

  const before = view.value?.before ?? null
  return (
    <>
      {problemOf(null) && <StateLine kind="error">{problemOf(null)}</StateLine>}
      <Section
        title={t('hub.part-commands')}
        what={t('hub.commands-what')}
        add={t('hub.command-add')}
        form={(close) => (
          <CommandForm
            me={me}
            villages={villages}
            close={close}
            saved={() => {
              close()
              void submit(() => load())
            }}
          />
        )}
        empty={view.value?.rows.length === 0 ? t('hub.commands-none') : null}
      >
        {view.value?.rows.map((row) => (
          <Row
            key={row.given}
            title={titleOf(row)}
            what={<About row={row} />}
            closed={null}
            forms={[{ label: t('hub.command-villages'), form: () => <Outcomes row={row} beat={beat.value} /> }]}
            actions={[]}
          />
        ))}
      </Section>
      {before !== null && (
        <button type="button" class="button" disabled={busy} onClick={() => submit(() => load(before))}>
          {t('hub.older')}
        </button>
      )}
    </>
  )
}

function titleOf({ type, data }: CommandRow): string {
  if (type === 'message') return `${t('hub.command-message')}: ${data.text}`
  if (type === 'set') return `${find(`hub.setting-${data.setting}`) ?? data.setting}: ${data.value}`
  if (type === 'move-broker') return `${t('hub.command-move-broker')}: ${[data.brokers].flat().join(', ')}`
  if (type === 'answer')
    return `${t('hub.command-answer')}: ${find(`hub.answer-${data.answer}`) ?? data.answer} (${data.proposal})`
  if (type === 'case-state')
    return `${t('hub.command-case-state')}: ${find(`hub.case-state-${data.state}`) ?? data.state} (${data.case})`
  if (type === 'wipe') return `${t('hub.command-wipe')}: ${data.box}`
  return find(`hub.command-${type}`) ?? type
}

function About({ row }: { row: CommandRow }) {
  const { counts, villages, read, type, doer, createdAt, expires } = row
  const said = states.flatMap((state) => {
    const n = counts[state] ?? 0
    return n > 0 ? [`${count(n)} ${t(`hub.command-state-${state}`)}`] : []
  })
  const isRead = type === 'message' && counts.done ? [t('hub.command-read-n', { n: read })] : []
  return (
    <>
      {t('hub.command-by', { name: doer, at: formatMoment(createdAt), until: formatMoment(expires) })}
      <br />
      <b class="counts">
        {t('hub.offices', { n: villages })}: {[...said, ...isRead].join(' · ')}
      </b>
    </>
  )
}

function Outcomes({ row, beat }: { row: CommandRow; beat: number }) {
  const view = useSignal<OutcomesView['rows']>([])
  const { submit, problemOf } = useSubmit()
  useEffect(() => {
    void submit(async () => {
      view.value = (await ask<OutcomesView>('GET', `/api/commands/${row.given}`)).rows
    })
  }, [row.given, beat])
  return (
    <>
      {problemOf(null) && <StateLine kind="error">{problemOf(null)}</StateLine>}
      <ul class="outcomes">
        {view.value.map(({ village, name, state, detail, at, readAt }) => (
          <li key={village} class={state}>
            <b title={dotted(village)}>{name}</b>
            <span>
              <span class="word">{t(`hub.command-state-${state}`)}</span>
              {detail && `: ${wordsFor(row.type, detail)}`}
              {row.type === 'message' && state === 'done' && (
                <>
                  {' · '}
                  {readAt === null ? t('hub.command-unread') : t('hub.command-read', { at: formatMoment(readAt) })}
                </>
              )}
            </span>
            <span class="quiet">{at !== null && formatMoment(at)}</span>
          </li>
        ))}
      </ul>
    </>
  )
}

/** What a box says besides: a number of checks, a code with words of its own or those of an error, else the code. */
function wordsFor(type: string, detail: string): string {
  if (type === 'check') return t('hub.command-checks', { n: Number(detail) })
  const [code = detail] = /^wrong-data/.exec(detail) ?? []
  return find(`hub.command-detail-${code}`) ?? find(`error.${detail}`) ?? detail
}
