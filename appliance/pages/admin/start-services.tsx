import { useSignal } from '@preact/signals'
import type { AdminView } from '../../screens/admin-view.ts'
import { t } from '../ui/messages.ts'
import { Problem } from '../ui/staff/problem.tsx'
import { useSubmit } from '../ui/staff/submit.ts'

type Props = { view: AdminView; next: () => void; edit: () => void }

/** The usual services, all chosen: whoever has no time takes them as they are and changes them later. */
export function ServicesStep({
  view: { services, start },
  next,
  edit,
  onMade,
}: Props & { onMade: (count: number) => void }) {
  const left = useSignal<string[]>([])
  const { submit, busy, problemOf } = useSubmit()
  if (services.length > 0)
    return <Have names={services.map(({ prefix, name }) => `${prefix} ${name}`)} next={next} edit={edit} />

  const chosen = start.usual.filter(({ prefix }) => !left.value.includes(prefix))
  async function save() {
    const saved = await submit(async (send) => {
      for (const service of chosen) await send('POST', '/api/services', service)
    })
    if (!saved) return
    onMade(chosen.length)
    next()
  }
  return (
    <>
      <ul class="usual">
        {start.usual.map(({ prefix, name, requires, minutes }) => (
          <li key={prefix}>
            <label>
              <input
                type="checkbox"
                checked={!left.value.includes(prefix)}
                onChange={() => {
                  left.value = left.value.includes(prefix)
                    ? left.value.filter((one) => one !== prefix)
                    : [...left.value, prefix]
                }}
              />
              <span>
                <b>
                  {prefix} {name}
                </b>
                <small class="quiet">
                  {t('admin.minutes', { n: minutes })} · {requires.join(', ') || t('admin.requires-nothing')}
                </small>
              </span>
            </label>
          </li>
        ))}
      </ul>
      <Problem sentence={problemOf(null)} />
      <div class="buttons">
        <button type="button" class="button button-main" disabled={busy || chosen.length === 0} onClick={save}>
          {t('admin.start-take-services', { n: chosen.length })}
        </button>
        <button type="button" class="button" onClick={edit}>
          {t('admin.start-own-services')}
        </button>
      </div>
    </>
  )
}

/** So many counters, each for everything: what one counter does not serve is changed later. `awaits`: services that were made. */
export function CountersStep({ view: { services, counters, people }, next, edit, awaits }: Props & { awaits: number }) {
  const clerks = people.filter(({ role, active }) => role === 'clerk' && active).length
  const count = useSignal(Math.max(1, clerks))
  const { submit, busy, problemOf } = useSubmit()
  if (counters.length > 0) return <Have names={counters.map(({ name }) => name)} next={next} edit={edit} />

  async function save() {
    const body = { services: services.map(({ service }) => service) }
    const saved = await submit(async (send) => {
      for (let n = 1; n <= count.value; n++)
        await send('POST', '/api/counters', { name: t('admin.start-counter', { n }), ...body })
    })
    if (saved) next()
  }
  return (
    <>
      <label class="choice">
        {t('admin.start-how-many')}
        <select
          value={count.value}
          onChange={(event) => {
            count.value = Number(event.currentTarget.value)
          }}
        >
          {Array.from({ length: 12 }, (_, i) => (
            <option key={i + 1} value={i + 1}>
              {i + 1}
            </option>
          ))}
        </select>
      </label>
      <Problem sentence={problemOf(null)} />
      <div class="buttons">
        <button
          type="button"
          class="button button-main"
          disabled={busy || services.length < Math.max(1, awaits)}
          onClick={save}
        >
          {t('admin.start-make-counters')}
        </button>
      </div>
    </>
  )
}

function Have({ names, next, edit }: { names: string[]; next: () => void; edit: () => void }) {
  return (
    <>
      <p>{names.join(', ')}</p>
      <div class="buttons">
        <button type="button" class="button button-main" onClick={next}>
          {t('admin.start-next')}
        </button>
        <button type="button" class="button" onClick={edit}>
          {t('admin.edit')}
        </button>
      </div>
    </>
  )
}
