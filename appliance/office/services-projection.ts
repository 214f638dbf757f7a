import type { Projection } from '../base/journal/folding.ts'
import type { Db } from '../base/store/store.ts'
import type { officeEvents } from './events.ts'

/** The only code that writes services, counters, settings and the running text. */
export function createServicesProjection(db: Db): Projection<typeof officeEvents> {
  const insertService = db.prepare(`
    INSERT INTO service (service, prefix, name, public_name, requires, minutes, collection, ordinal, code, own)
    VALUES (@service, @prefix, @name, @publicName, @requires, @minutes, @collection, @ordinal, @code, @own)`)
  const updateService = db.prepare(`
    UPDATE service
    SET name = @name, requires = @requires, minutes = @minutes, collection = coalesce(@collection, collection),
      public_name = iif(@renamed, @publicName, public_name), own = @own
    WHERE service = @service`)
  const openService = db.prepare('UPDATE service SET open = @open WHERE service = @service')
  const insertCounter = db.prepare(
    'INSERT INTO counter (counter, name, auto_call, ordinal) VALUES (@counter, @name, @autoCall, @ordinal)',
  )
  const updateCounter = db.prepare(
    'UPDATE counter SET name = @name, auto_call = coalesce(@autoCall, auto_call) WHERE counter = @counter',
  )
  const openCounter = db.prepare('UPDATE counter SET open = @open WHERE counter = @counter')
  const staffCounter = db.prepare(
    'UPDATE counter SET account = @account, paused = 0, back_at = NULL WHERE counter = @counter',
  )
  const pauseCounter = db.prepare('UPDATE counter SET paused = @paused, back_at = @until WHERE counter = @counter')
  const upsertSettings = db.prepare(
    'INSERT INTO queue_settings (one, settings) VALUES (1, @settings) ON CONFLICT (one) DO UPDATE SET settings = excluded.settings',
  )
  const leaveOthers = db.prepare('UPDATE counter SET account = NULL WHERE account = @account')
  const deleteServices = db.prepare('DELETE FROM counter_service WHERE counter = @counter')
  const insertCounterService = db.prepare('INSERT INTO counter_service (counter, service) VALUES (@counter, @service)')
  const upsertNotice = db.prepare(
    'INSERT INTO notice (one, text, until) VALUES (1, @text, @until) ON CONFLICT (one) DO UPDATE SET text = excluded.text, until = excluded.until',
  )

  const setServices = (counter: string, services: readonly string[]) => {
    deleteServices.run({ counter })
    for (const service of new Set(services)) insertCounterService.run({ counter, service })
  }

  return {
    'queue.service-added': (_tx, { data, row }) => {
      insertService.run({
        ...data,
        publicName: data.publicName ?? null,
        requires: JSON.stringify(data.requires),
        collection: data.collection ? 1 : 0,
        ordinal: row,
        code: data.code ?? null,
        own: JSON.stringify(data.own ?? {}),
      })
    },
    'queue.service-changed': (_tx, { data }) => {
      const { collection, publicName } = data
      updateService.run({
        ...data,
        requires: JSON.stringify(data.requires),
        collection: collection === undefined ? null : Number(collection),
        renamed: publicName === undefined ? 0 : 1,
        publicName: publicName ?? null,
        own: JSON.stringify(data.own ?? {}),
      })
    },
    'queue.service-closed': (_tx, { data }) => {
      openService.run({ ...data, open: 0 })
    },
    'queue.service-opened': (_tx, { data }) => {
      openService.run({ ...data, open: 1 })
    },
    'queue.counter-added': (_tx, { data, row }) => {
      const { counter, name, autoCall = true } = data
      insertCounter.run({ counter, name, autoCall: Number(autoCall), ordinal: row })
      setServices(data.counter, data.services)
    },
    'queue.counter-changed': (_tx, { data }) => {
      const { counter, name, autoCall } = data
      updateCounter.run({ counter, name, autoCall: autoCall === undefined ? null : Number(autoCall) })
      setServices(data.counter, data.services)
    },
    'queue.counter-closed': (_tx, { data }) => {
      openCounter.run({ ...data, open: 0 })
      staffCounter.run({ ...data, account: null })
    },
    'queue.counter-opened': (_tx, { data }) => {
      openCounter.run({ ...data, open: 1 })
    },
    'queue.counter-staffed': (_tx, { data }) => {
      leaveOthers.run({ account: data.account })
      staffCounter.run(data)
    },
    'queue.counter-left': (_tx, { data }) => {
      staffCounter.run({ ...data, account: null })
    },
    'queue.counter-paused': (_tx, { data }) => {
      pauseCounter.run({ ...data, paused: 1 })
    },
    'queue.counter-resumed': (_tx, { data }) => {
      pauseCounter.run({ ...data, paused: 0, until: null })
    },
    'queue.settings-changed': (_tx, { data }) => {
      upsertSettings.run({ settings: JSON.stringify(data) })
    },
    'queue.notice-changed': (_tx, { data }) => {
      upsertNotice.run({ until: null, ...data })
    },
  }
}
