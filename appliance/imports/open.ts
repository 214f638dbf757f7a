import type { KeyObject } from 'node:crypto'
import { join } from 'node:path'
import type { Base } from '../base/rooms/base.ts'
import type { Datasets } from '../datasets/datasets.ts'
import type { People } from '../people/people.ts'
import type { Erasure } from '../residents/erase.ts'
import type { Residents } from '../residents/residents.ts'
import type { Retention } from '../residents/retention.ts'
import type { Staging } from '../residents/staging.ts'
import { secretOfBox } from '../wire/box-recipient.ts'
import { createFromRegency } from './from-regency.ts'
import { createImports } from './imports.ts'
import { importRoutes } from './routes.ts'

type Rooms = {
  datasets: Datasets
  people: People
  residents: Residents & { staging: Staging } & Pick<Erasure, 'onErase'> & Pick<Retention, 'addEnding'>
}

/** `key`: by which the regency has enrolled this box; what it sends of residents is sealed to that. */
export function openImports(base: Base, { datasets, people, residents }: Rooms, { key }: { key: KeyObject }) {
  const { data, store, journal, clock, zone, log, alarms, app, live, catalogues, onClose } = base
  const folder = join(data, 'imports')
  const changed = () => {
    live.changed(['imports'])
    fromRegency.watch()
  }
  const imports = createImports({
    ...{ store, journal, clock, zone, folder, log, people, residents, changed },
    freed: () => fromRegency.look(),
  })
  const fromRegency = createFromRegency({
    ...{ datasets, imports, store, alarms, log, folder },
    ...{ village: journal.village, secret: () => secretOfBox(key) },
  })
  fromRegency.watch()
  residents.onErase(imports.forget)
  residents.addEnding('staged', imports.endings.staged)
  residents.addEnding('problems', imports.endings.problems)
  importRoutes(app, { imports, live, catalogues })
  onClose(async () => {
    await imports.stop()
    await fromRegency.whenLooked()
  })
  return { ...imports, look: fromRegency.look, whenLooked: fromRegency.whenLooked }
}
