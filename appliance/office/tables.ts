import { AppError } from '../base/errors.ts'
import type { Db } from '../base/store/store.ts'
import { type Catalogue, follow, type Own } from './catalogue.ts'
import type { Published } from './published-view.ts'
import { defaultSettings, type WholeSettings } from './settings.ts'

export type ServiceRow = {
  service: string
  prefix: string
  name: string
  /** What the waiting room reads; the name unless a politer one is set. */
  publicName: string
  requires: string[]
  minutes: number
  quota: number | null
  collection: boolean
  open: boolean
  ordinal: number
  /** Of the regency's catalogue; null: the village's own service. */
  code: string | null
  own: Own
  published: Published
}
export type CounterRow = {
  counter: string
  name: string
  open: boolean
  account: string | null
  paused: boolean
  backAt: number | null
  services: string[]
  /** Whether the next ticket may be called here by itself, where the office wishes that. */
  autoCall: boolean
}

/** The running text and the last day on which it is shown; null: until it is changed. */
export type Notice = { text: string; until: string | null }

const serviceColumns =
  'service, prefix, name, public_name AS publicName, requires, minutes, quota, collection, open, ordinal, code, own'

type StoredService = Omit<ServiceRow, 'publicName' | 'requires' | 'open' | 'collection' | 'own' | 'published'> & {
  publicName: string | null
  requires: string
  open: number
  collection: number
  own: string
}

/** Reading services, counters, settings and the running text; writing them is the projection's alone. */
export function createOfficeTables(db: Db, catalogue: Catalogue) {
  function toService(row: StoredService): ServiceRow {
    const own = JSON.parse(row.own) as Own
    const theirs = catalogue.service(row.code)
    const stored = {
      ...row,
      requires: JSON.parse(row.requires) as string[],
      collection: row.collection === 1,
      open: row.open === 1,
      own,
      published: theirs && catalogue.published(theirs),
    }
    const service = theirs ? follow(stored, own, theirs) : stored
    return { ...service, publicName: row.publicName ?? service.name }
  }

  const selectServices = db.prepare<[], StoredService>(`SELECT ${serviceColumns} FROM service ORDER BY prefix`)
  type StoredCounter = Omit<CounterRow, 'open' | 'paused' | 'services' | 'autoCall'> & {
    open: number
    autoCall: number
    paused: number
    services: string
  }
  const selectCounters = db.prepare<[], StoredCounter>(`
    SELECT counter, name, open, account, paused, back_at AS backAt, auto_call AS autoCall,
      (SELECT json_group_array(service) FROM counter_service WHERE counter_service.counter = counter.counter) AS services
    FROM counter
    ORDER BY ordinal`)
  const selectServiceRow = db.prepare<{ service: string }, StoredService>(
    `SELECT ${serviceColumns} FROM service WHERE service = @service`,
  )
  const selectSettings = db.prepare<[], string>('SELECT settings FROM queue_settings').pluck()
  const selectNotice = db.prepare<[], Notice>('SELECT text, until FROM notice')

  const services = (): ServiceRow[] => selectServices.all().map(toService)
  const counters = (): CounterRow[] =>
    selectCounters.all().map((row) => ({
      ...row,
      open: row.open === 1,
      paused: row.paused === 1,
      autoCall: row.autoCall === 1,
      services: JSON.parse(row.services) as string[],
    }))

  return {
    services,
    counters,
    settings: (): WholeSettings => ({
      ...defaultSettings,
      ...(JSON.parse(selectSettings.get() ?? '{}') as Partial<WholeSettings>),
    }),
    notice: (): Notice => selectNotice.get() ?? { text: '', until: null },

    service(id: string): ServiceRow {
      const found = selectServiceRow.get({ service: id })
      if (!found) throw new AppError('not-found', 'queue.service-unknown', `There is no service ${id}.`)
      return toService(found)
    },
    counter(id: string): CounterRow {
      const found = counters().find((row) => row.counter === id)
      if (!found) throw new AppError('not-found', 'queue.counter-unknown', `There is no counter ${id}.`)
      return found
    },
  }
}

export type OfficeTables = ReturnType<typeof createOfficeTables>
