import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { runProgram } from '../base/run-program.ts'
import { type BundleKind, programCompatible } from '../wire/releases.ts'

/** With a version: signed for boxes like this one; otherwise `trouble` says what is wrong with it, `said` in RAUC's words. */
export type Bundle = { file: string; name: string } & (
  | { kind: BundleKind; version: string; trouble: null; said: null }
  | { kind: null; version: null; trouble: keyof typeof refusals; said: string }
)

/** By which code each trouble is refused. */
export const refusals = {
  'not-signed': 'updates.not-signed',
  'other-machine': 'updates.other-machine',
  unreadable: 'updates.unreadable',
} as const

const Info = Type.Object({ compatible: Type.String(), version: Type.String() })

/** What is asked of RAUC, which checks the signature before it says anything. */
export type ReadInfo = (file: string) => Promise<Static<typeof Info>>

/** By RAUC's own settings, where its keyring stands. Throws what it says. */
export const raucInfo =
  (settings = '/etc/rauc/system.conf'): ReadInfo =>
  async (file) => {
    const stdout = await runProgram('rauc', [`--conf=${settings}`, 'info', '--output-format=json', file], 120_000)
    const found: unknown = JSON.parse(stdout.slice(stdout.indexOf('{')))
    if (!Value.Check(Info, found)) throw new TypeError('RAUC says nothing of this bundle.')
    return found
  }

const mostBundles = 20

/** Bundles that lie in folders. One that was read already is not read again while it is the same file. */
export function createBundles(folders: readonly string[], compatible: () => string, readInfo: ReadInfo) {
  const known = new Map<string, Promise<Bundle>>()

  async function read(file: string, name: string): Promise<Bundle> {
    try {
      const { version, compatible: target } = await readInfo(file)
      const kind = target === compatible() ? 'system' : target === programCompatible() ? 'program' : null
      if (kind === null) return { file, name, kind, version: null, trouble: 'other-machine', said: target }
      return { file, name, kind, version, trouble: null, said: null }
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error)
      const trouble = /verify error|verification failed/i.test(said) ? 'not-signed' : 'unreadable'
      return { file, name, kind: null, version: null, trouble, said }
    }
  }

  return {
    async list(): Promise<Bundle[]> {
      const found = folders.flatMap(filesIn).slice(0, mostBundles)
      for (const key of known.keys()) if (!found.some((one) => one.key === key)) known.delete(key)
      return Promise.all(
        found.map(({ key, file, name }) => {
          const bundle = known.get(key) ?? read(file, name)
          known.set(key, bundle)
          return bundle
        }),
      )
    },
  }
}

/** `key` is another one as soon as the file is. A stick may be pulled out at any moment. */
function filesIn(folder: string): { key: string; file: string; name: string }[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.raucb'))
      .sort()
      .map((name) => {
        const file = join(folder, name)
        const { size, mtimeMs } = statSync(file)
        return { key: `${file} ${size} ${mtimeMs}`, file, name }
      })
  } catch {
    return []
  }
}

/** What this machine is, by RAUC's own settings: `balai-pi`. Empty where there are none. */
export function readCompatible(path = '/etc/rauc/system.conf'): string {
  try {
    return /^compatible=(.+)$/m.exec(readFileSync(path, 'utf8'))?.[1]?.trim() ?? ''
  } catch {
    return ''
  }
}
