import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { copyFlowModules } from './flow-modules.ts'
import { maintainerOf } from './version.ts'

/* The Debian packages: the program, and Node-RED with our nodes, which one office installs and another does without. */

const debianNames = { x64: 'amd64', arm64: 'arm64' } as const

type Package = {
  dist: string
  source: string
  architecture: 'x64' | 'arm64'
  version: string
  program: string
  role?: Role
}

/** Which machine the program makes: a village's box, or the regency's hub. */
export type Role = 'box' | 'hub'

const roles = {
  box: {
    name: 'balai',
    about: [
      'Depends: libc6, libstdc++6, adduser',
      'Recommends: mpg123, avahi-daemon, avahi-utils',
      'Conflicts: balai-hub',
      'Description: queue, journal and relay of a village office',
      ' Citizens take a number, a display speaks the calls, clerks serve, and the',
      ' regency gets all that happened. Works for weeks without internet.',
    ],
  },
  hub: {
    name: 'balai-hub',
    about: [
      'Depends: libc6, libstdc++6, adduser',
      'Recommends: postgresql-client',
      'Suggests: postgresql, mosquitto, nginx',
      // The same user, folder of settings and program: a machine is a box or a hub.
      'Conflicts: balai',
      'Description: the regency’s side of Balai',
      ' Takes the journals of all village offices from an MQTT broker into PostgreSQL,',
      ' shows the regency’s console, enrols boxes and sends data and commands to them.',
      ' A machine is a box (package balai) or a hub (this one), never both.',
    ],
  },
} as const satisfies Record<Role, { name: string; about: readonly string[] }>

/**
 * Builds `balai_<version>_<arch>.deb` or `balai-hub_…`: the same program as /usr/bin/balai, beside it what stands in
 * `source` (provisioning/debian, provisioning/debian-hub), and what creates its user. Answers its path.
 */
export const makePackage = ({ dist, source, architecture, version, program, role = 'box' }: Package): string =>
  buildPackage({
    ...{ dist, source, version },
    architecture: debianNames[architecture],
    name: roles[role].name,
    fill(tree) {
      mkdirSync(join(tree, 'usr', 'bin'), { recursive: true })
      copyFileSync(program, join(tree, 'usr', 'bin', 'balai'))
      chmodSync(join(tree, 'usr', 'bin', 'balai'), 0o755)
      document(join(tree, 'usr', 'share'), roles[role].name)
      if (role === 'hub')
        for (const kind of watching) cpSync(join(root, 'regency', kind), join(tree, shared, kind), own)
    },
    about: roles[role].about,
  })

/** What a regency that has Grafana and Prometheus takes into them. */
const watching = ['grafana', 'prometheus']
const shared = 'usr/share/balai-hub'
const own = { recursive: true, filter: (path: string) => !path.includes('.test.') }

const root = join(import.meta.dirname, '..', '..')

/** Manual page, completion, documents and changelog, where Debian looks for them. The sources say the first two. */
function document(share: string, name: string): void {
  said ??= { bash: say('bash'), man: say('man') }
  const folder = `/usr/share/doc/${name}/`
  const files: [path: string, bytes: Buffer | string][] = [
    ['bash-completion/completions/balai', said.bash],
    ['man/man1/balai.1.gz', gzip(said.man.replaceAll('/usr/share/doc/balai/', folder))],
    [`doc/${name}/changelog.gz`, gzip(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'))],
    ...globSync(['README.md', 'docs/*.md'], { cwd: root }).map((path): [string, Buffer] => [
      `doc/${name}/${path}`,
      readFileSync(join(root, path)),
    ]),
  ]
  for (const [path, bytes] of files) {
    mkdirSync(join(share, path, '..'), { recursive: true })
    writeFileSync(join(share, path), bytes)
  }
}

// Of every package of a build the same.
let said: { bash: string; man: string } | undefined
const say = (kind: string): string =>
  execFileSync(process.execPath, [join(root, 'appliance', 'balai.js'), 'completion', kind], { encoding: 'utf8' })
const gzip = (text: string): Buffer => gzipSync(text, { level: 9 })

type FlowPackage = { dist: string; source: string; version: string; root: string }

/** Builds `balai-flows_<version>_all.deb` out of node_modules and flows; `source` is provisioning/debian-flows. */
export const makeFlowPackage = ({ dist, source, version, root }: FlowPackage): string =>
  buildPackage({
    ...{ dist, source, version },
    architecture: 'all',
    name: 'balai-flows',
    fill: (tree) => copyFlowModules(root, join(tree, 'usr', 'lib', 'balai-flows')),
    about: [
      `Depends: balai (= ${version}), adduser`,
      'Recommends: gpiod',
      'Description: flows of a village office, on Node-RED',
      ' What differs from village to village: a button box, a lamp, a second printer.',
      ' Runs as a user of its own, and reaches the box by a link only.',
    ],
  })

type Parts = {
  dist: string
  /** Its `usr` goes into the package as it is; `postinst`, `prerm` and `postrm` are run. */
  source: string
  version: string
  architecture: string
  name: string
  fill: (tree: string) => unknown
  about: readonly string[]
}

function buildPackage({ dist, source, version, architecture, name, fill, about }: Parts): string {
  const tree = join(dist, `deb-${name}-${architecture}`)
  const file = join(dist, `${name}_${version}_${architecture}.deb`)
  rmSync(tree, { recursive: true, force: true })
  mkdirSync(join(tree, 'DEBIAN'), { recursive: true })
  cpSync(join(source, 'usr'), join(tree, 'usr'), { recursive: true })
  fill(tree)
  for (const script of ['postinst', 'prerm', 'postrm'].filter((one) => existsSync(join(source, one)))) {
    copyFileSync(join(source, script), join(tree, 'DEBIAN', script))
    chmodSync(join(tree, 'DEBIAN', script), 0o755)
  }
  // What debconf asks.
  if (existsSync(join(source, 'templates'))) copyFileSync(join(source, 'templates'), join(tree, 'DEBIAN', 'templates'))
  // By these install.sh tells whether what is installed is what this package holds.
  const files = globSync('usr/**', { cwd: tree }).filter((path) => statSync(join(tree, path)).isFile())
  const sums = files.sort().map((path) => `${md5(join(tree, path))}  ${path}\n`)
  writeFileSync(join(tree, 'DEBIAN', 'md5sums'), sums.join(''))
  const bytes = files.reduce((sum, path) => sum + statSync(join(tree, path)).size, 0)
  const control = [
    `Package: ${name}`,
    `Version: ${version}`,
    `Architecture: ${architecture}`,
    `Installed-Size: ${Math.ceil(bytes / 1024)}`,
    'Section: web',
    'Priority: optional',
    `Maintainer: ${maintainerOf(root, process.env)}`,
    ...about,
  ]
  writeFileSync(join(tree, 'DEBIAN', 'control'), `${control.join('\n')}\n`)
  execFileSync('dpkg-deb', ['--root-owner-group', '-Zgzip', '-z6', '--build', tree, file], { stdio: 'ignore' })
  rmSync(tree, { recursive: true })
  return file
}

/** dpkg knows no other checksum of installed files. Who made the package, its signature says. */
const md5 = (path: string): string => createHash('md5').update(readFileSync(path)).digest('hex')
