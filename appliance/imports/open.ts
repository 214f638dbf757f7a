import { join } from 'node:path'
import type { Base } from '../base/rooms/base.ts'
import type { People } from '../people/people.ts'
import type { Erasure } from '../residents/erase.ts'
import type { Residents } from '../residents/residents.ts'
import type { Staging } from '../residents/staging.ts'
import { createImports } from './imports.ts'
import { importRoutes } from './routes.ts'

export function openImports(
  { data, store, journal, clock, zone, log, app, live, catalogues, onClose }: Base,
  { people, residents }: { people: People; residents: Residents & { staging: Staging } & Pick<Erasure, 'onErase'> },
) {
  const changed = () => live.changed(['imports'])
  const folder = join(data, 'imports')
  const imports = createImports({ store, journal, clock, zone, folder, log, people, residents, changed })
  residents.onErase(imports.forget)
  importRoutes(app, { imports, live, catalogues })
  onClose(imports.stop)
  return imports
}
