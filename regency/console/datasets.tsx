import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { administrators } from '../../appliance/base/web/callers.ts'
import { ask } from '../../appliance/pages/ui/api.ts'
import { formatMoment } from '../../appliance/pages/ui/format.ts'
import { find, t } from '../../appliance/pages/ui/messages.ts'
import { Row } from '../../appliance/pages/ui/staff/row.tsx'
import type { Me } from '../../appliance/pages/ui/staff/session.ts'
import type { DatasetRow, Sent, Standing } from '../datasets/views.ts'
import type { Rollout } from '../releases/views.ts'
import { Confirm } from './confirm.tsx'
import { Publish } from './publish.tsx'
import { Release } from './release.tsx'
import { dotted } from './rows.ts'
import { nameOfActor, nameOfDataset } from './words.ts'
import './datasets.css'

const mayPublish = ({ role }: Me) => administrators.some((one) => one === role)

/** What the regency publishes for its villages, and how far each newest version has come. */
export function Datasets({ rows, rollout, me }: { rows: DatasetRow[]; rollout: Rollout | null; me: Me }) {
  const publishing = useSignal(false)
  const said = useSignal('')

  const line = useRef<HTMLParagraphElement>(null)
  useEffect(() => line.current?.scrollIntoView({ block: 'nearest' }), [said.value])

  const tell = (dataset: string) => (sent: Sent) => {
    publishing.value = false
    const { version, villages: n, of } = sent
    said.value = t('hub.data-sent', { dataset: nameOfDataset(dataset), version, n, of })
  }
  return (
    <>
      <header class="room">
        <div>
          <h1>{t('hub.part-datasets')}</h1>
          <p class="quiet">{t('hub.data-what')}</p>
        </div>
        <a class="button" href="/api/letters/check.html" download>
          {t('hub.data-check-page')}
        </a>
        {mayPublish(me) && (
          <button
            type="button"
            class="button button-main"
            disabled={publishing.value}
            onClick={() => {
              said.value = ''
              publishing.value = true
            }}
          >
            {t('hub.data-publish')}
          </button>
        )}
      </header>
      {publishing.value && (
        <div class="group new">
          <Publish
            names={rows.map(({ dataset }) => dataset)}
            sent={tell}
            close={() => {
              publishing.value = false
            }}
          />
        </div>
      )}
      <p class="said" role="status" ref={line}>
        {said.value}
      </p>
      <ul class="group">
        {rows.map(({ dataset, newest }) => (
          <Row
            key={dataset}
            title={nameOfDataset(dataset)}
            what={newest ? describe(newest) : t('hub.data-never')}
            more={newest && newest.troubles.length > 0 && <Troubles of={newest.troubles} />}
            closed={null}
            forms={newest && mayPublish(me) ? formsOf(dataset, newest, tell(dataset)) : []}
            actions={[]}
          />
        ))}
        <Release
          rollout={rollout}
          mayPublish={mayPublish(me)}
          tell={(sentence) => {
            said.value = sentence
          }}
        />
      </ul>
    </>
  )
}

function describe({ version, at, doer, note, offered, meant, have }: Standing) {
  return (
    <>
      {t('hub.data-version', { version, at: formatMoment(at), name: nameOfActor(doer) })}
      {note && `: ${wordsOf(note)}`}
      <br />
      {t('hub.data-reach', { offered, meant, have })}
    </>
  )
}

/** What `rollBack` writes, in the page's language. */
function wordsOf(note: string): string {
  const [, version] = /^as version (\d+)$/.exec(note) ?? []
  return version === undefined ? note : t('hub.data-as-version', { version })
}

/** So many are read at a glance. */
const fewTroubles = 5

const Troubles = ({ of }: { of: Standing['troubles'] }) => (
  <details class="troubles" open={of.length <= fewTroubles}>
    <summary>{t('hub.data-troubles', { n: of.length })}</summary>
    <ul>
      {of.map(({ village, name, why }) => {
        const [code = '', where = ''] = why.split(': ')
        return (
          <li key={village} title={dotted(village)}>
            <b>{name}</b>: {find(`hub.data-refused-${code}`, { where }) ?? why}
          </li>
        )
      })}
    </ul>
  </details>
)

const firstStage = 10

function formsOf(dataset: string, { version, offered, meant }: Standing, sent: (sent: Sent) => void) {
  const stage = (name: '10' | 'all', n: number) => ({
    label: t(`hub.data-extend-${name}`),
    form: (close: () => void) => (
      <Confirm
        say={t('hub.data-extend-what', { version, offered, n, meant })}
        go={t(`hub.data-extend-${name}`)}
        save={async () =>
          sent(await ask<Sent>('POST', '/api/datasets/extend', { dataset, stage: name, expected: version }))
        }
        close={close}
      />
    ),
  })
  return [
    ...(offered < firstStage && firstStage < meant ? [stage('10', firstStage)] : []),
    ...(offered < meant ? [stage('all', meant)] : []),
    ...(version > 1
      ? [
          {
            label: t('hub.data-take-back'),
            form: (close: () => void) => (
              <Confirm
                say={t('hub.data-take-back-what', { version, next: version + 1, offered })}
                go={t('hub.data-take-back')}
                save={async () =>
                  sent(await ask<Sent>('POST', '/api/datasets/roll-back', { dataset, expected: version }))
                }
                close={close}
              />
            ),
          },
        ]
      : []),
  ]
}
