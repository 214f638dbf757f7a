import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  cpSync,
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

/* The Debian packages: the program, and Node-RED with our nodes, which one office installs and another does without. */

const debianNames = { x64: 'amd64', arm64: 'arm64' } as const

type Package = { dist: string; source: string; architecture: 'x64' | 'arm64'; version: string; program: string }

/**
 * Builds `balai_<version>_<arch>.deb`: the program as /usr/bin/balai, beside it what stands in `source` (the folder
 * provisioning/debian), and what creates its user. Answers its path.
 */
export const makePackage = ({ dist, source, architecture, version, program }: Package): string =>
  buildPackage({
    ...{ dist, source, version },
    architecture: debianNames[architecture],
    name: 'balai',
    fill(tree) {
      mkdirSync(join(tree, 'usr', 'bin'), { recursive: true })
      copyFileSync(program, join(tree, 'usr', 'bin', 'balai'))
      chmodSync(join(tree, 'usr', 'bin', 'balai'), 0o755)
      document(join(tree, 'usr', 'share'))
    },
    about: [
      'Depends: libc6, libstdc++6, adduser',
      'Recommends: mpg123, avahi-daemon',
      'Description: queue, journal and relay of a village office',
      ' Citizens take a number, a display speaks the calls, clerks serve, and the',
      ' regency gets all that happened. Works for weeks without internet.',
    ],
  })

const root = join(import.meta.dirname, '..', '..')

/** Manual page, completion, README and changelog, where Debian looks for them. The sources say the first two. */
function document(share: string): void {
  documents ??= readDocuments()
  for (const [path, bytes] of documents) {
    mkdirSync(join(share, path, '..'), { recursive: true })
    writeFileSync(join(share, path), bytes)
  }
}

// Of every package of a build the same.
let documents: [path: string, bytes: Buffer][] | undefined

function readDocuments(): [path: string, bytes: Buffer][] {
  const say = (kind: string) =>
    execFileSync(process.execPath, [join(root, 'appliance', 'balai.js'), 'completion', kind])
  const packed = (bytes: Buffer) => gzipSync(bytes, { level: 9 })
  return [
    ['bash-completion/completions/balai', say('bash')],
    ['man/man1/balai.1.gz', packed(say('man'))],
    ['doc/balai/README.md', readFileSync(join(root, 'README.md'))],
    ['doc/balai/changelog.gz', packed(readFileSync(join(root, 'CHANGELOG.md')))],
  ]
}

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
  /** Its `usr` goes into the package as it is; `postinst` and `prerm` are run. */
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
  for (const script of ['postinst', 'prerm']) {
    copyFileSync(join(source, script), join(tree, 'DEBIAN', script))
    chmodSync(join(tree, 'DEBIAN', script), 0o755)
  }
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
    // Whoever builds it, as Debian's own tools take it.
    `Maintainer: ${process.env.DEBFULLNAME ?? 'Balai'} <${process.env.DEBEMAIL ?? 'balai@localhost'}>`,
    ...about,
  ]
  writeFileSync(join(tree, 'DEBIAN', 'control'), `${control.join('\n')}\n`)
  execFileSync('dpkg-deb', ['--root-owner-group', '-Zgzip', '-z6', '--build', tree, file], { stdio: 'ignore' })
  rmSync(tree, { recursive: true })
  return file
}

/** dpkg knows no other checksum of installed files. Who made the package, its signature says. */
const md5 = (path: string): string => createHash('md5').update(readFileSync(path)).digest('hex')
