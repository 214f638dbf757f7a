import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/* Signed bundles as RAUC makes them, with a slot of random bytes or a program. For tests only. */

/** A key and its certificate, `<name>.key` and `<name>.pem`. */
export function makeBundleKeys(folder: string, name: string): void {
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '9']
  const files = ['-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.pem`)]
  execFileSync('openssl', ['req', '-x509', ...kind, '-subj', `/CN=${name}`, ...files], { stdio: 'ignore' })
}

type Wanted = {
  name: string
  pair: string
  compatible: string
  version: string
  bytes?: number
  /** The program alone, in place of a slot: an executable, or a script. */
  program?: string | Buffer
}

/** By the key of whoever builds images here, as `--target program` signs it. */
export function makeOwnBundle(folder: string, wanted: Omit<Wanted, 'pair'>): string {
  const own = (kind: 'KEY' | 'CERT') =>
    process.env[`BALAI_UPDATE_${kind}`] ?? join(root, 'data', `update-${kind.toLowerCase()}.pem`)
  copyFileSync(own('KEY'), join(folder, 'builder.key'))
  copyFileSync(own('CERT'), join(folder, 'builder.pem'))
  return makeBundle(folder, { ...wanted, pair: 'builder' })
}

const root = join(import.meta.dirname, '..')

/** A program that says that it is another version of the same length, and else is the same. */
export function renameProgram(program: Buffer, version: string, other: string): Buffer {
  if (version.length !== other.length) throw new TypeError(`${other} is not as long as ${version}`)
  const renamed = Buffer.from(program)
  for (let at = renamed.indexOf(version); at >= 0; at = renamed.indexOf(version, at + 1)) renamed.write(other, at)
  return renamed
}

/** Answers its path, `<folder>/<name>.raucb`. */
export function makeBundle(
  folder: string,
  { name, pair, compatible, version, bytes = 8_192, program }: Wanted,
): string {
  const tree = join(folder, name)
  mkdirSync(tree)
  const [image, file] = program === undefined ? ['root', 'slot.ext4'] : ['program', 'balai']
  // RAUC makes none of less than a block.
  const text = (script: string) => `${script}# ${randomBytes(bytes).toString('hex')}\n`
  writeFileSync(join(tree, file), typeof program === 'string' ? text(program) : (program ?? randomBytes(bytes)))
  writeFileSync(
    join(tree, 'manifest.raucm'),
    `[update]\ncompatible=${compatible}\nversion=${version}\n[bundle]\nformat=verity\n[image.${image}]\nfilename=${file}\n`,
  )
  const path = join(folder, `${name}.raucb`)
  const keys = [`--cert=${join(folder, `${pair}.pem`)}`, `--key=${join(folder, `${pair}.key`)}`]
  execFileSync('rauc', ['bundle', ...keys, tree, path], { stdio: 'ignore' })
  return path
}
