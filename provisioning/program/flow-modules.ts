import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

/*
 * What the package balai-flows carries: Node-RED with what it needs, without what a box never loads, and our own nodes and
 * flows. All of it is text for any processor: 117 MB become 36.
 */

type Manifest = { dependencies?: Record<string, string> }

/** Its program is never run on a box: nothing can be installed there. Node-RED only reads its version. */
const onlyManifest = ['npm']
/** A command line of its own; bcrypt compiled for one processor, for which Node-RED has another in JavaScript. */
const leftOut = ['node-red-admin', '@node-rs/bcrypt']

/** What packages carry and nothing loads. */
const prunedEverywhere = [
  ...['**/*.map', '**/*.d.ts', '**/*.d.mts', '**/*.d.cts', '**/*.md', '**/*.markdown', '**/*.ts'],
  ...['**/test', '**/tests', '**/__tests__', '**/docs', '**/doc', '**/.github', '**/benchmark'],
]
/** Those of Node-RED itself its editor offers. */
const examples = ['**/example', '**/examples']
/** The editor with ACE: neither Monaco nor mermaid, no tours, one form of each script, two languages. */
const prunedOf: Readonly<Record<string, readonly string[]>> = {
  '@node-red/editor-client': [
    ...['public/vendor/monaco', 'public/vendor/mermaid', 'public/red/tours', 'public/types', 'public/red/red.js'],
    ...['public/red/main.js', 'locales/!(en-US)'],
  ],
  '@node-red/nodes': ['locales/!(en-US)'],
  '@node-red/runtime': ['locales/!(en-US)'],
  moment: ['min', 'src', 'dist', 'locale'],
  'moment-timezone': ['builds'],
  mqtt: ['dist'],
  'uglify-js': ['bin'],
}

/** Folders of `package`, the nearest first, and all that it needs, by Node's own rule for finding them. */
function closureOf(root: string, name: string): Set<string> {
  const found = new Set<string>()
  const visit = (folder: string) => {
    if (found.has(folder)) return
    found.add(folder)
    if (onlyManifest.some((one) => folder.endsWith(`/node_modules/${one}`))) return
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
    for (const needed of Object.keys(dependencies)) if (!leftOut.includes(needed)) visit(resolve(folder, needed))
  }

  function resolve(from: string, needed: string): string {
    for (let folder = from; folder.startsWith(root); folder = dirname(folder)) {
      const candidate = join(folder, 'node_modules', needed)
      if (existsSync(candidate)) return candidate
    }
    throw new Error(`${relative(root, from)} needs ${needed}, which is not in node_modules.`)
  }

  visit(join(root, 'node_modules', name))
  return found
}

/** Copies Node-RED and our nodes into `target`, pruned. Answers how many packages that are. */
export function copyFlowModules(root: string, target: string): number {
  rmSync(target, { recursive: true, force: true })
  const packages = closureOf(root, 'node-red')
  for (const folder of packages) {
    const place = join(target, relative(root, folder))
    mkdirSync(place, { recursive: true })
    const [name = ''] = relative(root, folder).split('node_modules/').slice(-1)
    if (onlyManifest.includes(name)) {
      cpSync(join(folder, 'package.json'), join(place, 'package.json'))
      continue
    }
    cpSync(folder, place, { recursive: true, filter: (from) => from === folder || !from.endsWith('/node_modules') })
    const ofNodeRed = name.startsWith('@node-red/')
    prune(place, [...prunedEverywhere, ...(ofNodeRed ? [] : examples), ...(prunedOf[name] ?? [])])
  }
  cpSync(join(root, 'flows'), join(target, 'flows'), { recursive: true })
  prune(join(target, 'flows'), ['**/*.test.ts', 'testing', '**/*.d.ts'])
  // Node-RED's editor offers what lies among the examples.
  cpSync(join(target, 'flows', 'flows'), join(target, 'flows', 'examples', 'siap-pakai'), { recursive: true })
  return packages.size
}

function prune(folder: string, patterns: readonly string[]): void {
  for (const path of globSync(patterns, { cwd: folder })) rmSync(join(folder, path), { recursive: true, force: true })
}
