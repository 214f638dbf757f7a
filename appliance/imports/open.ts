import { join } from 'node:path'
import type { Base } from '../base/rooms/base.ts'
import type { People } from '../people/people.ts'
import type { Erasure } from '../residents/erase.ts'
import type { Residents } from '../residents/residents.ts'
import type { Retention } from '../residents/retention.ts'
import type { Staging } from '../residents/staging.ts'
import { createImports } from './imports.ts'
import { importRoutes } from './routes.ts'

export function openImports(
  { data, store, journal, clock, zone, log, app, live, catalogues, onClose }: Base,
  {
    people,
    residents,
  }: {
    people: People
    residents: Residents & { staging: Staging } & Pick<Erasure, 'onErase'> & Pick<Retention, 'addEnding'>
  },
) {
  const changed = () => live.changed(['imports'])
  const folder = join(data, 'imports')
  const imports = createImports({ store, journal, clock, zone, folder, log, people, residents, changed })
  residents.onErase(imports.forget)
  residents.addEnding('staged', {
    count: (before) => (imports.isOld(before) ? 1 : 0),
    remove(tx, before) {
      if (!imports.isOld(before)) return 0
      imports.dropOld(tx)
      return 1
    },
    after: imports.sweep,
  })
  residents.addEnding('problems', { count: imports.countOldRows, remove: imports.removeOldRows, after: changed })
  importRoutes(app, { imports, live, catalogues })
  onClose(imports.stop)
  return imports
}
