import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../appliance/errors.ts'
import { makeRevocationList } from './certificates.ts'
import type { Fleet } from './fleet.ts'
import { type Register, readRegister, saveRegister } from './register.ts'

/**
 * Takes back all that a village was given, certificates and open enrolment files, and writes the broker’s lists anew.
 * Answers how many were taken back. Throws (`not-found`) when nothing of this village is open.
 */
export async function revokeVillage(fleet: Fleet, village: string, now: number): Promise<number> {
  const register = readRegister(fleet.folder)
  const record = register.villages[village]
  const open = [...(record?.certificates ?? []), ...(record?.claims ?? [])].filter(({ revokedAt }) => !revokedAt)
  if (open.length === 0) {
    throw new AppError('not-found', 'fleet.nothing-open', `${village} holds nothing that could be taken back.`)
  }
  for (const given of open) given.revokedAt = now
  saveRegister(fleet.folder, register)
  await writeRevocationLists(fleet, register, now)
  return open.length
}

/** `broker/ca.crl` and `broker/claim-ca.crl`, from the register. */
export async function writeRevocationLists(fleet: Fleet, register: Register, now: number): Promise<void> {
  const villages = Object.values(register.villages)
  const lists = [
    ['ca.crl', fleet.issuing, villages.flatMap(({ certificates }) => certificates)],
    ['claim-ca.crl', fleet.claims, villages.flatMap(({ claims }) => claims)],
  ] as const
  for (const [name, authority, given] of lists) {
    const revoked = given.flatMap(({ serial, revokedAt }) => (revokedAt ? [{ serial, revokedAt }] : []))
    const path = join(fleet.folder, 'broker', name)
    writeFileSync(`${path}.new`, await makeRevocationList(authority, { now, revoked }), { mode: 0o644 })
    renameSync(`${path}.new`, path)
  }
}
