import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/* Signed bundles as RAUC makes them, with a slot of random bytes. For tests only. */

/** A key and its certificate, `<name>.key` and `<name>.pem`. */
export function makeBundleKeys(folder: string, name: string): void {
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '9']
  const files = ['-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.pem`)]
  execFileSync('openssl', ['req', '-x509', ...kind, '-subj', `/CN=${name}`, ...files], { stdio: 'ignore' })
}

type Wanted = { name: string; pair: string; compatible: string; version: string; bytes?: number }

/** Answers its path, `<folder>/<name>.raucb`. */
export function makeBundle(folder: string, { name, pair, compatible, version, bytes = 8_192 }: Wanted): string {
  const tree = join(folder, name)
  mkdirSync(tree)
  writeFileSync(join(tree, 'slot.ext4'), randomBytes(bytes))
  writeFileSync(
    join(tree, 'manifest.raucm'),
    `[update]\ncompatible=${compatible}\nversion=${version}\n[bundle]\nformat=verity\n[image.root]\nfilename=slot.ext4\n`,
  )
  const path = join(folder, `${name}.raucb`)
  const keys = [`--cert=${join(folder, `${pair}.pem`)}`, `--key=${join(folder, `${pair}.key`)}`]
  execFileSync('rauc', ['bundle', ...keys, tree, path], { stdio: 'ignore' })
  return path
}
