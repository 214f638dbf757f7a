import type { Command } from '../base/command.ts'
import { AppError } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import type { DataOf, Event } from '../base/journal/event-registry.ts'
import type { Journal } from '../base/journal/journal.ts'
import type { Store } from '../base/store/store.ts'
import type { QueueTables } from '../queue/tables.ts'
import type { WholeSettings } from './settings.ts'

type ServiceText = Omit<DataOf<'queue.service-changed'>, 'service'>
type CounterText = Omit<DataOf<'queue.counter-changed'>, 'counter'>

/** Services, counters and the running text: what an office sets before its first ticket, and changes later. */
export function createCatalogue(store: Store, journal: Journal, tables: QueueTables) {
  /** Appends once per key. `check` says what is wrong before anything is written. */
  function change(event: Event, check: () => void): void {
    store.write((tx) => {
      if (journal.entryByKey(event.key, event.type)) return
      check()
      journal.append(tx, event)
    })
  }

  function assertServices(services: readonly string[]): void {
    for (const service of services) tables.service(service)
  }

  /** A counter in use cannot change under the clerk's hands. */
  function assertIdle(counter: string): void {
    const { name } = tables.counter(counter)
    const busy = tables.ticketAt(counter)
    if (busy)
      throw new AppError('conflict', 'queue.counter-busy', `${name} has ${busy.label}.`, { name, number: busy.label })
  }

  function addService({
    prefix,
    collection,
    publicName,
    actor,
    key,
    ...text
  }: Command & ServiceText & { prefix: string }): void {
    const data = {
      ...{ service: newId(), prefix, ...text },
      ...(collection ? { collection } : {}),
      ...(publicName ? { publicName } : {}),
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
      change({ type: 'queue.service-changed', actor, key, data: { service, ...text } }, () => tables.service(service))
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
        assertIdle(counter),
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
