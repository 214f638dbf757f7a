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

/* The Debian package: the program as /usr/bin/balai, beside it what stands in provisioning/debian/usr, and what creates its user. */

const debianNames = { x64: 'amd64', arm64: 'arm64' } as const

type Package = { dist: string; source: string; architecture: 'x64' | 'arm64'; version: string; program: string }

/** Builds `balai_<version>_<arch>.deb` with dpkg-deb; answers its path. `source`: the folder provisioning/debian. */
export function makePackage({ dist, source, architecture, version, program }: Package): string {
  const name = debianNames[architecture]
  const tree = join(dist, `deb-${name}`)
  const file = join(dist, `balai_${version}_${name}.deb`)
  rmSync(tree, { recursive: true, force: true })
  mkdirSync(join(tree, 'DEBIAN'), { recursive: true })
  mkdirSync(join(tree, 'usr', 'bin'), { recursive: true })
  cpSync(join(source, 'usr'), join(tree, 'usr'), { recursive: true })
  copyFileSync(program, join(tree, 'usr', 'bin', 'balai'))
  chmodSync(join(tree, 'usr', 'bin', 'balai'), 0o755)
  for (const script of ['postinst', 'prerm']) {
    copyFileSync(join(source, script), join(tree, 'DEBIAN', script))
    chmodSync(join(tree, 'DEBIAN', script), 0o755)
  }
  // By these install.sh tells whether what is installed is what this package holds.
  const files = globSync('usr/**', { cwd: tree }).filter((path) => statSync(join(tree, path)).isFile())
  const sums = files.sort().map((path) => `${md5(join(tree, path))}  ${path}\n`)
  writeFileSync(join(tree, 'DEBIAN', 'md5sums'), sums.join(''))
  writeFileSync(join(tree, 'DEBIAN', 'control'), describe(version, name, statSync(program).size))
  execFileSync('dpkg-deb', ['--root-owner-group', '-Zgzip', '-z6', '--build', tree, file], { stdio: 'ignore' })
  rmSync(tree, { recursive: true })
  return file
}

/** dpkg knows no other checksum of installed files. Who made the package, its signature says. */
const md5 = (path: string): string => createHash('md5').update(readFileSync(path)).digest('hex')

const describe = (version: string, architecture: string, bytes: number): string =>
  [
    'Package: balai',
    `Version: ${version}`,
    `Architecture: ${architecture}`,
    `Installed-Size: ${Math.ceil(bytes / 1024)}`,
    'Section: web',
    'Priority: optional',
    'Depends: libc6, libstdc++6, adduser',
    'Recommends: mpg123, avahi-daemon',
    'Maintainer: Balai <balai@localhost>',
    'Description: queue, journal and relay of a village office',
    ' Citizens take a number, a display speaks the calls, clerks serve, and the',
    ' regency gets all that happened. Works for weeks without internet.',
    '',
  ].join('\n')
