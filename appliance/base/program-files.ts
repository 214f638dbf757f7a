import { existsSync, readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { extname, join } from 'node:path'
import { Worker, type WorkerOptions } from 'node:worker_threads'

/*
 * Everything that the program reads while it runs besides the modules that it imports. The build carries just this, and
 * the rest of the program finds its files here only (program-files.test.ts), so that none is forgotten. In the program as
 * one file they lie in a packed file system which takes paths as text: a URL object is not found there.
 */

/** What runs in a thread of its own. Its modules are loaded by `require` in the packed program: no top-level await. */
export const threads = {
  estimate: 'appliance/estimate/thread',
  imports: 'appliance/imports/import-thread',
  flowsGuard: 'appliance/automation/host/guard-thread',
  integrity: 'appliance/base/store/integrity-thread',
  pdf: 'appliance/pdf-thread',
} as const

/** Folders of the repository, each with the files of it that are carried. */
export const folders = {
  pages: { path: 'dist/pages', files: '**' },
  catalogues: { path: 'appliance/base/messages', files: '*.json' },
  clips: { path: 'appliance/voice/clips', files: '*.mp3' },
  rooms: { path: 'appliance', files: '*/{*.sql,messages.*.json}' },
  letterTemplates: { path: 'appliance/letters/templates', files: '*.json' },
  consoleWords: { path: 'regency/console', files: 'messages.*.json' },
  doctorWords: { path: 'regency/doctor', files: 'messages.*.json' },
  dashboards: { path: 'regency/grafana', files: '*.json' },
  alertRules: { path: 'regency/prometheus', files: '*.rules.yml' },
  boxMigrations: { path: 'appliance/base/store/migrations', files: '*.sql' },
  hubMigrations: { path: 'regency/base/schema', files: '*.sql' },
} as const

/** Files of packages that no module imports. */
export const packages = {
  '@electric-sql/pglite': 'dist/*.{wasm,data,js}',
  '@fastify/swagger-ui': 'static/**',
  '@fontsource/plus-jakarta-sans': 'files/plus-jakarta-sans-latin-{400,700}-normal.woff',
  'better-sqlite3': 'prebuilds/linux-*.node',
  // The colours that PDF/A names.
  pdfkit: 'js/data/sRGB_IEC61966_2_1.icc',
} as const

const root = join(import.meta.dirname, '../..')
/** The sources are TypeScript, the packed program is not. */
const isPacked = extname(import.meta.filename) !== '.ts'

/** Where one of the program's own folders lies. */
export const folderOf = (name: keyof typeof folders): string => join(root, folders[name].path)

/** Files of rooms (`letters/001-letters.sql`) whose own names match, with their paths, in the order of their names. */
export function filesOfRooms(pattern: RegExp): { name: string; path: string }[] {
  const folder = folderOf('rooms')
  // The packed file system gives names only.
  return readdirSync(folder)
    .filter((name) => statSync(join(folder, name)).isDirectory())
    .flatMap((room) => readdirSync(join(folder, room)).map((file) => ({ room, file })))
    .filter(({ file }) => pattern.test(file))
    .map(({ room, file }) => ({ name: `${room}/${file}`, path: join(folder, room, file) }))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
}

/** Where a package lies whose files are read by name: in the nearest node_modules that has it, as for an import. */
export function packageFolder(name: keyof typeof packages): string {
  const places = (createRequire(import.meta.url).resolve.paths(name) ?? []).map((folder) => join(folder, name))
  const found = places.find((folder) => existsSync(folder))
  if (!found) throw new Error(`The package ${name} is in none of ${places.join(', ')}.`)
  return found
}

/** Starts one of the program's threads. */
export const startThread = (name: keyof typeof threads, options: WorkerOptions = {}): Worker =>
  new Worker(join(root, `${threads[name]}${extname(import.meta.filename)}`), options)

/** Where Debian's package balai-flows puts Node-RED and our nodes. */
const flowPackage = '/usr/lib/balai-flows'

/**
 * The folder that holds `node_modules/node-red`, and our own nodes in `flows`: the package's, or the repository while
 * developing. Null: neither is here. The path is computed, so that the build does not pack what has a package of its own.
 */
export function findFlowModules(): string | null {
  const folder = isPacked ? flowPackage : root
  return existsSync(join(folder, 'node_modules', 'node-red')) ? folder : null
}

/** Loads a module of that folder, as its own files would; what it requires and imports comes from the disk. */
export const requireOfFlows = (modules: string): ((name: string) => unknown) =>
  createRequire(join(modules, 'node_modules', 'node-red', 'package.json'))

/** How this same program is started once more, for a process of its own. */
export function ownCommand(): string[] {
  const script = join(root, 'appliance', 'balai.js')
  return isPacked ? [process.execPath] : [process.execPath, script]
}
