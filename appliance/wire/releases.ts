import { type Static, Type } from 'typebox'
import { limits } from './messages.ts'

/* The dataset `system`: what boxes that were written as an image shall run (SYNC-020), as whole systems and as programs alone. */

/** As the bundle's maker has named it: `0.4.0+202612011200.a1b2c3d`. */
export const SystemVersion = Type.String({ minLength: 1, maxLength: 80, pattern: '^[\\w.+~-]+$' })

const Sum = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$', description: 'SHA-256, base64url without padding' })

/** A signed bundle: a system for one kind of machine, or the program alone for one kind of processor. */
export const SystemFile = Type.Object({
  compatible: Type.String({
    pattern: '^[a-z0-9-]{1,40}$',
    description: 'The kind of machine: balai-pi; of the program alone: balai-program-arm64',
  }),
  version: SystemVersion,
  bytes: Type.Integer({ minimum: 1, maximum: limits.fileBytes }),
  sha256: Sum,
  parts: Type.Array(Sum, {
    minItems: 1,
    maxItems: Math.ceil(limits.fileBytes / limits.filePartBytes),
    description: 'Of each MiB; the last may be shorter',
  }),
})
export type SystemFile = Static<typeof SystemFile>

export const When = Type.Union([
  Type.Literal('now', { description: 'As soon as it is there, also in office hours' }),
  Type.Literal('night'),
])
export type When = Static<typeof When>

export const SystemRelease = Type.Object({
  when: When,
  files: Type.Array(SystemFile, {
    minItems: 1,
    maxItems: 10,
    description: 'One for each kind of machine and processor',
  }),
})
export type SystemRelease = Static<typeof SystemRelease>

/** What a bundle holds. */
export type BundleKind = 'system' | 'program'

/** Of the program alone, for this processor by Debian's name of it: the same program runs on every machine that has it. */
export const programCompatible = (processor: string = process.arch): string =>
  `balai-program-${processor === 'x64' ? 'amd64' : processor}`

/** By the numbers in them, from the left: 0.10.0 is newer than 0.9.2, and of two builds of one number the later. */
export function isNewerVersion(one: string, other: string): boolean {
  const [mine, theirs] = [numbersOf(one), numbersOf(other)]
  const differs = mine.findIndex((number, index) => number !== (theirs[index] ?? -1))
  return differs >= 0 && (mine[differs] ?? 0) > (theirs[differs] ?? -1)
}

/** `0.4.0+202612011200.a1b2c3d`: four; what a commit is called orders nothing. */
const numbersOf = (version: string): number[] =>
  (/^\d+(?:[.+~-]\d+)*(?![\w])/.exec(version)?.[0] ?? '')
    .split(/[.+~-]/)
    .filter(Boolean)
    .map(Number)
