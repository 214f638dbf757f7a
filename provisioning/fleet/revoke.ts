import { join } from 'node:path'
import { AppError } from '../../appliance/base/errors.ts'
import { writeWhole } from '../../appliance/base/store/whole-file.ts'
import { makeRevocationList } from '../../appliance/pki/authority.ts'
import type { Fleet } from './fleet.ts'
import { type Certificate, type Register, readRegister, saveRegister } from './register.ts'
import { shareWithHub } from './sync-hub.ts'

/**
 * Takes back all that a village was given, certificates and open enrolment files, or the certificates of one `box` only
 * (the beginning of their serial number or of the box’s key, as `balai fleet status` shows them): in the register, in the
 * broker’s lists and at the hub. Answers how many were taken back. Throws (`not-found`) when nothing of that is open, and
 * the hub’s own error, after the lists were written, when it cannot be reached.
 */
export async function revokeVillage(fleet: Fleet, village: string, now: number, box?: string): Promise<number> {
  // What the hub has signed is taken back, too. A hub that is away must not keep the broker from being told.
  const unreached = await shareWithHub(fleet).then(
    () => null,
    (error: Error) => error,
  )
  const register = readRegister(fleet.folder)
  const record = register.villages[village]
  const certificates = (record?.certificates ?? []).filter(
    (one) => !one.revokedAt && (box === undefined || isOf(one, box)),
  )
  const open = [
    ...certificates,
    ...(box !== undefined ? [] : (record?.claims ?? []).filter(({ revokedAt }) => !revokedAt)),
  ]
  if (open.length === 0) {
    if (unreached) throw unreached
    const what = box !== undefined ? `no certificate whose serial number or key begins with ${box}` : 'nothing'
    throw new AppError('not-found', 'fleet.nothing-open', `${village} holds ${what} that could be taken back.`)
  }
  const keys = new Set(certificates.map(({ key, serial }) => key ?? serial))
  if (box !== undefined && keys.size > 1)
    throw new AppError('invalid', 'fleet.several-boxes', `${box} is the beginning of more than one box of ${village}.`)
  for (const given of open) given.revokedAt = now
  saveRegister(fleet.folder, register)
  await writeRevocationLists(fleet, register, now)
  if (unreached) throw unreached
  await shareWithHub(fleet)
  return open.length
}

const isOf = ({ serial, key }: Certificate, box: string): boolean =>
  serial.toLowerCase().startsWith(box.toLowerCase()) || (key?.startsWith(box) ?? false)

/** `broker/ca.crl` and `broker/claim-ca.crl`, from the register. */
export async function writeRevocationLists(fleet: Fleet, register: Register, now: number): Promise<void> {
  const villages = Object.values(register.villages)
  const lists = [
    ['ca.crl', fleet.issuing, villages.flatMap(({ certificates }) => certificates)],
    ['claim-ca.crl', fleet.claims, villages.flatMap(({ claims }) => claims)],
  ] as const
  for (const [name, authority, given] of lists) {
    const revoked = given.flatMap(({ serial, revokedAt }) => (revokedAt ? [{ serial, revokedAt }] : []))
    const list = await makeRevocationList(authority, { now, revoked })
    writeWhole(join(fleet.folder, 'broker', name), list, { mode: 0o644 })
  }
}
