import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { AppError } from '../../appliance/base/errors.ts'
import { closed } from '../../appliance/base/schemas.ts'
import { writeWhole } from '../../appliance/base/store/whole-file.ts'
import { readTextFile } from '../../appliance/base/text-file.ts'

/* register.json: what was given to which village. Tokens stand there as their SHA-256, times in ms since 1970 UTC. */

const Given = Type.Object(
  {
    serial: Type.String(),
    issuedAt: Type.Integer(),
    expiresAt: Type.Integer(),
    revokedAt: Type.Optional(Type.Integer()),
  },
  closed,
)
/** `key`: the Ed25519 key of the box, where it is known; a certificate that the hub signed has one always. */
const Certificate = Type.Object({ ...Given.properties, key: Type.Optional(Type.String()) }, closed)
export type Certificate = Static<typeof Certificate>
const Claim = Type.Object(
  {
    ...Given.properties,
    tokenHash: Type.String(),
    usedAt: Type.Optional(Type.Integer()),
    usedKey: Type.Optional(Type.String()),
  },
  closed,
)
const Village = Type.Object(
  {
    claims: Type.Array(Claim),
    certificates: Type.Array(Certificate),
    /** The recovery pair (its public half) of which the sheet for the village's safe was printed. */
    recoverySheet: Type.Optional(Type.String()),
  },
  closed,
)
const Register = Type.Object({ villages: Type.Record(Type.String(), Village) }, closed)

export type Register = Static<typeof Register>
export type VillageRecord = Static<typeof Village>

export const emptyRegister = `${JSON.stringify({ villages: {} } satisfies Register)}\n`

const validator = Compile(Register)

export function readRegister(folder: string): Register {
  const path = join(folder, 'register.json')
  return parseRegister(readTextFile(path), path)
}

/** A register from anywhere. AppError `config` for what is none; `path` names it there. */
export function parseRegister(text: string, path: string): Register {
  let value: unknown = null
  try {
    value = JSON.parse(text)
  } catch {
    // Said below.
  }
  if (validator.Check(value)) return value
  throw new AppError('invalid', 'config', `${path} is not a register of this program; restore it from a backup.`)
}

export const writeRegister = (register: Register): string => `${JSON.stringify(register, null, 1)}\n`

/** Replaces the file in one step, so that a power cut leaves the old or the new one. */
export function saveRegister(folder: string, register: Register): void {
  writeWhole(join(folder, 'register.json'), writeRegister(register))
}

/** The village’s record; an empty one is put there when it has none. */
export function recordOf(register: Register, village: string): VillageRecord {
  const known = register.villages[village]
  if (known) return known
  const made: VillageRecord = { claims: [], certificates: [] }
  register.villages[village] = made
  return made
}
