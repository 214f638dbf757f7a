import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../appliance/errors.ts'
import { makeRevocationList } from '../../regency/certificates.ts'
import type { Fleet } from './fleet.ts'
import { type Register, readRegister, saveRegister } from './register.ts'
import { shareWithHub } from './share.ts'

/**
 * Takes back all that a village was given, certificates and open enrolment files: in the register, in the broker’s lists
 * and at the hub. Answers how many were taken back. Throws (`not-found`) when nothing of this village is open, and the
 * hub’s own error, after the lists were written, when it cannot be reached.
 */
export async function revokeVillage(fleet: Fleet, village: string, now: number): Promise<number> {
  // What the hub has signed is taken back, too. A hub that is away must not keep the broker from being told.
  const unreached = await shareWithHub(fleet).then(
    () => null,
    (error: Error) => error,
  )
  const register = readRegister(fleet.folder)
  const record = register.villages[village]
  const open = [...(record?.certificates ?? []), ...(record?.claims ?? [])].filter(({ revokedAt }) => !revokedAt)
  if (open.length === 0) {
    if (unreached) throw unreached
    throw new AppError('not-found', 'fleet.nothing-open', `${village} holds nothing that could be taken back.`)
  }
  for (const given of open) given.revokedAt = now
  saveRegister(fleet.folder, register)
  await writeRevocationLists(fleet, register, now)
  if (unreached) throw unreached
  await shareWithHub(fleet)
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
