import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { ask } from '../../appliance/pages/ui/api.ts'
import { formatMoment } from '../../appliance/pages/ui/format.ts'
import { t } from '../../appliance/pages/ui/messages.ts'
import { Problem } from '../../appliance/pages/ui/staff/problem.tsx'
import { useSubmit } from '../../appliance/pages/ui/staff/submit.ts'

type Way = { name: string; target: string; sentAt: number | null; error: string }

/** By which ways alarms leave the building; each can be tried. */
export function Notifying({ shown }: { shown: boolean }) {
  const ways = useSignal<Way[] | null>(null)
  const { submit, problemOf } = useSubmit()
  const load = () =>
    submit(async () => {
      ways.value = (await ask<{ ways: Way[] }>('GET', '/api/notices')).ways
    })
  useEffect(() => {
    if (shown) void load()
  }, [shown])
  return (
    <>
      <header class="room">
        <div>
          <h1>{t('hub.part-notices')}</h1>
          <p class="quiet">{t('hub.notices-what')}</p>
        </div>
      </header>
      <Problem sentence={problemOf(null)} />
      {ways.value?.length === 0 && <p class="quiet">{t('hub.notices-none')}</p>}
      {ways.value && ways.value.length > 0 && (
        <ul class="group ways">
          {ways.value.map((way) => (
            <Line key={way.name} way={way} tried={load} />
          ))}
        </ul>
      )}
    </>
  )
}

const longestSendMs = 30_000

function Line({ way: { name, target, sentAt, error }, tried }: { way: Way; tried: () => unknown }) {
  const sent = useSignal(false)
  const { submit, busy, problemOf } = useSubmit()
  async function test() {
    sent.value = false
    sent.value = await submit(() => ask('POST', `/api/notices/${name}/test`, {}, longestSendMs))
    void tried()
  }
  return (
    <li>
      <b>{t(`hub.way-${name}`)}</b>
      <span class="quiet">{target}</span>
      <span class={error ? 'wrong' : 'quiet'}>
        {error
          ? t('hub.way-failed', { reason: error })
          : sentAt === null
            ? t('hub.way-unused')
            : t('hub.way-sent', { at: formatMoment(sentAt) })}
      </span>
      <button type="button" class="button" disabled={busy} onClick={test}>
        {t('hub.way-test')}
      </button>
      {sent.value && <span role="status">{t('hub.way-tested')}</span>}
      <Problem sentence={problemOf(null)} />
    </li>
  )
}
