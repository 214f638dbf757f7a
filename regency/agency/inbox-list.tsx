import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { explain } from '../../appliance/pages/ui/api.ts'
import { formatMoment, formatOfficeDay } from '../../appliance/pages/ui/format.ts'
import { t } from '../../appliance/pages/ui/messages.ts'
import { StateLine } from '../../appliance/pages/ui/state-line.tsx'
import { askAs, type Opened, openCase } from './open-case.ts'
import { Photos } from './photo-list.tsx'
import { StateForm } from './state-form.tsx'
import type { InboxCase, InboxView } from './views.ts'

const againMs = 10_000

/** What villages have sent, opened here; looked at again while the page is seen. */
export function Inbox({ token, secret }: Opener) {
  const rows = useSignal<InboxCase[]>([])
  const more = useSignal(false)
  const all = useSignal(false)
  const loaded = useSignal(false)
  const problem = useSignal<string | null>(null)
  const turn = useRef(0)

  /** As many pages as are shown, and one more where that is asked for. */
  async function load(isNext = false) {
    const own = ++turn.current
    const least = rows.value.length + (isNext ? 1 : 0)
    try {
      const found: InboxCase[] = []
      let page: InboxView
      do {
        const last = found[found.length - 1]
        const asked = [...(all.value ? [] : ['open=true']), ...(last ? [`behind=${last.village}-${last.case}`] : [])]
        page = await askAs<InboxView>(token, 'GET', `/api/agency/cases?${asked.join('&')}`)
        if (own !== turn.current) return
        found.push(...page.rows)
      } while (page.more && found.length < least)
      rows.value = found
      more.value = page.more
      loaded.value = true
      problem.value = null
    } catch (error) {
      if (own === turn.current) problem.value = explain(error)
    }
  }
  useEffect(() => {
    rows.value = []
    void load()
    const timer = setInterval(() => {
      if (!document.hidden) void load()
    }, againMs)
    return () => clearInterval(timer)
  }, [all.value])

  return (
    <>
      <header class="room">
        <div>
          <h1>{t('agency.inbox')}</h1>
          <p class="quiet">{t('agency.inbox-what')}</p>
        </div>
        <label class="all">
          <input
            type="checkbox"
            checked={all.value}
            onChange={({ currentTarget }) => {
              all.value = currentTarget.checked
            }}
          />
          {t('agency.all')}
        </label>
      </header>
      {problem.value && <StateLine kind="error">{problem.value}</StateLine>}
      {loaded.value && rows.value.length === 0 && <p class="quiet">{t('agency.none')}</p>}
      {rows.value.length > 0 && (
        <ul class="group">
          {rows.value.map((row) => (
            <Case key={`${row.village} ${row.case}`} row={row} {...{ token, secret }} changed={() => void load()} />
          ))}
        </ul>
      )}
      {more.value && (
        <button type="button" class="button" onClick={() => void load(true)}>
          {t('agency.more')}
        </button>
      )}
    </>
  )
}

type Opener = {
  token: string
  /** The agency's key, which no hub has. */
  secret: string
}
type Props = Opener & { row: InboxCase; changed: () => void }

function Case({ row, token, secret, changed }: Props) {
  const { title, name, relayed, due, papers, state, text, answering, file, document } = row
  const opened = useSignal<Opened | null | 'opening'>('opening')
  const answers = useSignal(false)
  useEffect(() => {
    if (file === null) {
      opened.value = null
      return
    }
    void openCase(file, secret).then((found) => {
      opened.value = found
    })
  }, [file, secret])
  const isOver = state === 'closed' || state === 'withdrawn'
  return (
    <li class="row">
      <div class="about">
        <b>{title}</b> <em class="tag">{t(`agency.state-${state}`)}</em>
        <p class="quiet">
          {t('agency.from', { village: name, at: formatMoment(relayed) })}
          {due !== null && !isOver && ` · ${t('agency.due', { when: formatMoment(due) })}`}
        </p>
        {opened.value === null && <p class="wrong">{file === null ? t('agency.erased') : t('agency.does-not-open')}</p>}
        {opened.value !== null && opened.value !== 'opening' && <Who opened={opened.value} />}
        <p class="quiet">{t('agency.papers', { papers: papers.join(', ') })}</p>
        {text && <p>{t('agency.said', { text })}</p>}
        {document && (
          <p class={document.state === 'waiting' || document.state === 'here' ? 'quiet' : 'wrong'}>
            {t(`agency.document-${document.state}`, { at: formatMoment(document.at) })}
          </p>
        )}
        {answering && <p class="quiet">{t('agency.on-its-way', { state: t(`agency.state-${answering}`) })}</p>}
      </div>
      {!isOver && (
        <div class="buttons">
          <button
            type="button"
            class="button"
            aria-expanded={answers.value}
            onClick={() => {
              answers.value = !answers.value
            }}
          >
            {t('agency.answer')}
          </button>
        </div>
      )}
      {file !== null && <Photos village={row.village} photos={row.photos} token={token} secret={secret} />}
      {answers.value && (
        <div class="wide">
          <StateForm
            row={row}
            token={token}
            close={() => {
              answers.value = false
            }}
            saved={() => {
              answers.value = false
              changed()
            }}
          />
        </div>
      )}
    </li>
  )
}

function Who({ opened: { applicant, note } }: { opened: Opened }) {
  const { name, nik, kk, sex, birthPlace, birthDate, address, hamlet, rw, rt, currentAddress } = applicant
  const born = [birthPlace, birthDate && formatOfficeDay(birthDate)].filter(Boolean).join(', ')
  const lives = [address, hamlet, rt && `RT ${rt}`, rw && `RW ${rw}`].filter(Boolean).join(', ')
  const facts = (
    [
      ['NIK', nik],
      [t('agency.kk'), kk],
      [t('agency.sex'), sex === 1 ? t('agency.male') : sex === 2 ? t('agency.female') : undefined],
      [t('agency.born'), born],
      [t('agency.lives'), lives],
      [t('agency.lives-now'), currentAddress],
      [t('agency.note'), note],
    ] as const
  ).filter(([, value]) => value)
  return (
    <>
      <p>
        <strong>{name}</strong>
      </p>
      <dl class="who">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}
