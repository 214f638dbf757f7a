import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { formatMoment, formatOfficeDay } from '../../appliance/pages/ui/format.ts'
import { find, t } from '../../appliance/pages/ui/messages.ts'
import { Row } from '../../appliance/pages/ui/staff/row.tsx'
import { usePages } from '../../appliance/pages/ui/staff/use-pages.ts'
import { StateLine } from '../../appliance/pages/ui/state-line.tsx'
import { AnswerForm } from './answer-form.tsx'
import { Choice } from './choice.tsx'
import type { ProposalRow, ProposalsView } from './proposals-view.ts'
import { dotted } from './rows.ts'
import type { VillageRow } from './view.ts'
import { VillageChoice } from './village-choice.tsx'
import './proposals.css'

const againMs = 5_000

/** What villages propose of their people, village by village, and the regency's answers; looked at again while it is shown. */
export function Proposals({ villages, shown }: { villages: VillageRow[]; shown: boolean }) {
  const village = useSignal('')
  const all = useSignal('')
  const { newest, rows, more, problem, begin, refresh, older } = usePages<ProposalsView, ProposalRow>({
    address: (behind) => {
      const asked = Object.entries({
        waiting: all.value === '' ? 'true' : '',
        village: village.value,
        behind: behind ? `${behind.village}-${behind.proposal}` : '',
      })
      return `/api/proposals?${new URLSearchParams(asked.filter(([, value]) => value !== ''))}`
    },
    rowsOf: (page) => page.rows,
  })
  useEffect(() => {
    if (!shown) return
    void begin()
    const timer = setInterval(() => void refresh(), againMs)
    return () => clearInterval(timer)
  }, [shown, village.value, all.value])

  const groups = [...new Set(rows.value.map((row) => row.village))].map(
    (code) => [code, rows.value.filter((row) => row.village === code)] as const,
  )
  return (
    <>
      <header class="room">
        <div>
          <h1>{t('hub.part-proposals')}</h1>
          <p class="quiet">{t('hub.proposals-what')}</p>
        </div>
      </header>
      <div class="filters">
        <VillageChoice villages={villages} value={village} />
        <Choice
          label={t('hub.proposals-which')}
          all={t('hub.proposals-waiting')}
          value={all.value}
          options={[['all', t('hub.proposals-all')]]}
          choose={(one) => {
            all.value = one
          }}
        />
      </div>
      {problem.value && <StateLine kind="error">{problem.value}</StateLine>}
      {newest.value && rows.value.length === 0 && (
        <p class="quiet">{all.value === '' ? t('hub.proposals-none') : t('hub.proposals-none-all')}</p>
      )}
      {groups.map(([code, of]) => (
        <section key={code} class="proposals">
          <h2>
            {of[0]?.name} <small class="quiet">{dotted(code)}</small>
          </h2>
          <p class="quiet">
            {t('hub.proposals-open')} <code>{t('hub.proposals-command', { village: code })}</code>
          </p>
          <ul class="group">
            {of.map((row) => (
              <Proposal key={row.proposal} row={row} answered={() => void refresh()} />
            ))}
          </ul>
        </section>
      ))}
      {more.value && (
        <button type="button" class="button" onClick={() => void older()}>
          {t('hub.proposals-more')}
        </button>
      )}
    </>
  )
}

function Proposal({ row, answered }: { row: ProposalRow; answered: () => void }) {
  const { kind, on, made, proposal, state, answering } = row
  const what = kind === null ? t('hub.proposal-unknown') : (find(`proposals.kind-${kind}`) ?? kind)
  const title = on === null ? what : `${what} · ${formatOfficeDay(on)}`
  const isOver = state === 'withdrawn' || state === 'replaced'
  return (
    <Row
      title={title}
      what={
        <>
          {t('hub.proposal-about', { at: formatMoment(made), proposal })}
          <br />
          <b class="state">
            {answering === null
              ? (find(`proposals.state-${state}`) ?? state)
              : t('hub.proposal-answering', { answer: find(`hub.answer-${answering}`) ?? answering })}
          </b>
        </>
      }
      closed={null}
      forms={
        isOver
          ? []
          : [
              {
                label: t('hub.answer'),
                form: (close) => (
                  <AnswerForm
                    row={row}
                    close={close}
                    saved={() => {
                      close()
                      answered()
                    }}
                  />
                ),
              },
            ]
      }
      actions={[]}
    />
  )
}
