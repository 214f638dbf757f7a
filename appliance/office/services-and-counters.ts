import { AppError } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import type { DataOf, Event } from '../base/journal/event-registry.ts'
import type { Pen } from '../base/journal/pen.ts'
import type { Command } from '../base/schemas.ts'
import type { Store } from '../base/store/store.ts'
import { type Catalogue, ownOf } from './catalogue.ts'
import type { officeEvents } from './events.ts'
import type { WholeSettings } from './settings.ts'
import type { CounterRow, OfficeTables } from './tables.ts'

type ServiceText = Omit<DataOf<typeof officeEvents, 'queue.service-changed'>, 'service' | 'own'>
type CounterText = Omit<DataOf<typeof officeEvents, 'queue.counter-changed'>, 'counter'>

/** Services, counters and the running text: what an office sets before its first ticket, and changes later. */
export function createServicesAndCounters(
  store: Store,
  pen: Pen<typeof officeEvents>,
  tables: OfficeTables & { catalogue: Catalogue },
  assertFree: (counter: CounterRow) => void,
) {
  /** Appends once per key. `check` says what is wrong before anything is written. */
  function change(event: Event<typeof officeEvents>, check: () => void): void {
    store.write((tx) => {
      if (pen.entryByKey(event.key, event.type)) return
      check()
      pen.append(tx, event)
    })
  }

  function assertServices(services: readonly string[]): void {
    for (const service of services) tables.service(service)
  }

  function addService({
    prefix,
    collection,
    publicName,
    code,
    actor,
    key,
    ...text
  }: Command & ServiceText & { prefix: string; code?: string }): void {
    const theirs = tables.catalogue.service(code ?? null)
    if (code !== undefined && !theirs)
      throw new AppError('conflict', 'queue.catalogue-unknown', `The regency has no service ${code} any more.`)
    const data = {
      ...{ service: newId(), prefix, ...text },
      ...(collection ? { collection } : {}),
      ...(publicName ? { publicName } : {}),
      ...(code !== undefined && theirs ? { code, own: ownOf(text, theirs) } : {}),
    }
    change({ type: 'queue.service-added', actor, key, data }, () => {
      if (tables.services().some((service) => service.prefix === prefix)) {
        throw new AppError('conflict', 'queue.prefix-taken', `Another service has the letter ${prefix}.`, { prefix })
      }
    })
  }

  function addCounter({ actor, key, ...text }: Command & CounterText): void {
    const data = { counter: newId(), ...counterText(text) }
    change({ type: 'queue.counter-added', actor, key, data }, () => assertServices(text.services))
  }

  return {
    addService,
    addCounter,
    changeService({ service, actor, key, ...text }: Command & ServiceText & { service: string }): void {
      const row = tables.service(service)
      const theirs = tables.catalogue.service(row.code)
      // While the regency does not say anything of it, what the village has stays its own as it was.
      const own = theirs ? ownOf(text, theirs) : row.own
      const data = { service, ...text, ...(row.code === null ? {} : { own }) }
      change({ type: 'queue.service-changed', actor, key, data }, () => {})
    },
    setServiceOpen({ service, open, actor, key }: Command & { service: string; open: boolean }): void {
      change({ type: open ? 'queue.service-opened' : 'queue.service-closed', actor, key, data: { service } }, () =>
        tables.service(service),
      )
    },
    changeCounter({ counter, actor, key, ...text }: Command & CounterText & { counter: string }): void {
      change({ type: 'queue.counter-changed', actor, key, data: { counter, ...counterText(text) } }, () => {
        tables.counter(counter)
        assertServices(text.services)
      })
    },
    setCounterOpen({ counter, open, actor, key }: Command & { counter: string; open: boolean }): void {
      change({ type: open ? 'queue.counter-opened' : 'queue.counter-closed', actor, key, data: { counter } }, () =>
        assertFree(tables.counter(counter)),
      )
    },
    changeSettings({ settings, actor, key }: Command & { settings: WholeSettings }): void {
      change({ type: 'queue.settings-changed', actor, key, data: settings }, () => {})
    },
    changeNotice({ text, until = null, actor, key }: Command & { text: string; until?: string | null }): void {
      change({ type: 'queue.notice-changed', actor, key, data: { text, until } }, () => {})
    },
  }
}

const counterText = ({ name, services, autoCall }: CounterText): CounterText => ({
  ...{ name, services },
  ...(autoCall === undefined ? {} : { autoCall }),
})
