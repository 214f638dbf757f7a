import { ask } from '../../appliance/pages/ui/api.ts'
import { formatMoment } from '../../appliance/pages/ui/format.ts'
import { find, t } from '../../appliance/pages/ui/messages.ts'
import { Row } from '../../appliance/pages/ui/staff/row.tsx'
import type { Sent } from '../datasets/views.ts'
import type { Rollout } from '../releases/views.ts'
import { Confirm } from './confirm.tsx'
import { nameOfActor } from './words.ts'

type Props = { rollout: Rollout | null; mayPublish: boolean; tell: (sentence: string) => void }

/** The system that boxes of an image run: how far its newest release has come, and what stopped it. */
export function Release({ rollout, mayPublish, tell }: Props) {
  return (
    <Row
      title={t('hub.dataset-system')}
      what={rollout ? <About of={rollout} /> : `${t('hub.system-never')} ${t('hub.system-what')}`}
      more={rollout && rollout.troubles.length > 0 && <Troubles of={rollout.troubles} />}
      closed={null}
      forms={rollout && mayPublish ? formsOf(rollout, tell) : []}
      actions={[]}
    />
  )
}

function About({ of }: { of: Rollout }) {
  const { release, versions, when, at, doer, note, stage, stopped, meant, offered, done, passed, troubles } = of
  const waiting = offered - done - passed - troubles.length
  return (
    <>
      {t('hub.system-release', { release, at: formatMoment(at), name: nameOfActor(doer) })}
      {note && `: ${note}`}
      <br />
      {versions.map(({ compatible, version }) => `${compatible} ${version}`).join(', ')}.{' '}
      {t(when === 'now' ? 'hub.system-now' : 'hub.system-at-night')}
      <br />
      {t('hub.system-reach', { offered, meant, done, waiting })}
      {passed > 0 && ` ${t('hub.system-passed', { n: passed })}`}
      {!stopped && stage !== 'all' && ` ${t('hub.system-goes-on')}`}
      {stopped && (
        <>
          <br />
          <b class="wrong">
            {stopped.village === null
              ? t('hub.system-stopped', { at: formatMoment(stopped.at) })
              : t('hub.system-stopped-by', {
                  at: formatMoment(stopped.at),
                  name: stopped.name ?? stopped.village,
                  why: sayWhy(stopped.why ?? ''),
                })}
          </b>
        </>
      )}
    </>
  )
}

const Troubles = ({ of }: { of: Rollout['troubles'] }) => (
  <details class="troubles" open>
    <summary>{t('hub.system-troubles', { n: of.length })}</summary>
    <ul>
      {of.map(({ village, name, outcome, reason }) => (
        <li key={village}>
          <b>{name}</b>: {sayWhy(reason ? `${outcome}: ${reason}` : outcome)}
        </li>
      ))}
    </ul>
  </details>
)

/** `failed: No space left on device`, in the page's language as far as it is ours. */
function sayWhy(why: string): string {
  const [outcome = '', ...said] = why.split(': ')
  const what = find(`hub.system-${outcome}`, {}) ?? outcome
  return said.length > 0 ? t('hub.system-why', { what, said: said.join(': ') }) : what
}

const firstStage = 10

function formsOf({ release, stage, stopped, offered, meant }: Rollout, tell: (sentence: string) => void) {
  const goOn = (name: '10' | 'all', n: number) => ({
    label: t(`hub.system-continue-${name}`),
    form: (close: () => void) => (
      <Confirm
        say={t('hub.system-continue-what', { release, n, meant })}
        go={t(`hub.system-continue-${name}`)}
        save={async () => {
          const sent = await ask<Sent>('POST', '/api/releases/continue', { stage: name, expected: release })
          tell(t('hub.system-sent', { release, n: sent.villages, of: sent.of }))
        }}
        close={close}
      />
    ),
  })
  return [
    ...(stage !== 'all' && offered < firstStage && firstStage < meant ? [goOn('10', firstStage)] : []),
    ...(stopped || offered < meant ? [goOn('all', meant)] : []),
    ...(stopped
      ? []
      : [
          {
            label: t('hub.system-stop'),
            form: (close: () => void) => (
              <Confirm
                say={t('hub.system-stop-what', { release })}
                go={t('hub.system-stop')}
                save={async () => {
                  await ask('POST', '/api/releases/stop', { expected: release })
                  tell(t('hub.system-was-stopped', { release }))
                }}
                close={close}
              />
            ),
          },
        ]),
  ]
}
