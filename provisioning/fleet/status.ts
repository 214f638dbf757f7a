import { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readEnrolment } from '../../appliance/wire/enrolment.ts'
import type { Fleet } from './fleet.ts'
import { type Register, readRegister, type VillageRecord } from './register.ts'
import { hubNames } from './settings.ts'

/** How a village stands. Times in ms since 1970 UTC. */
export type VillageStatus = {
  village: string
  /** Of its newest file; null where it has had none, as with certificates by hand. */
  name: string | null
  district: string | null
  /** Of the newest enrolment file. */
  file: { state: 'none' | 'open' | 'used' | 'ended' | 'revoked'; at: number | null }
  /** Of the certificate that holds longest. */
  certificate: { state: 'none' | 'good' | 'ended' | 'revoked'; at: number | null }
}

export const statusOf = (folder: string, { villages }: Register, now: number): VillageStatus[] =>
  Object.entries(villages)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([village, record]) => ({
      ...{ village, ...readNames(folder, village) },
      ...{ file: fileOf(record, now), certificate: certificateOf(record, now) },
    }))

/** The villages that each of the words fits: the beginning of a code, with dots or without, or a part of a name. */
export function filterStatus(rows: readonly VillageStatus[], words: readonly string[]): VillageStatus[] {
  const fits =
    ({ village, name, district }: VillageStatus) =>
    (word: string) =>
      (/^[\d.]+$/.test(word) && village.startsWith(word.replaceAll('.', ''))) ||
      [name, district].some((text) => text?.toLowerCase().includes(word.toLowerCase()))
  return rows.filter((row) => words.every(fits(row)))
}

/** As the village's newest enrolment file has them. */
function readNames(folder: string, village: string): Pick<VillageStatus, 'name' | 'district'> {
  const path = join(folder, 'villages', `balai-enrol-${village}.json`)
  // Its end and signature are no matter here.
  const file = existsSync(path) ? readEnrolment(readFileSync(path, 'utf8'), 0).file : null
  return { name: file?.name ?? null, district: file?.district ?? null }
}

function fileOf({ claims }: VillageRecord, now: number): VillageStatus['file'] {
  const claim = claims.at(-1)
  if (!claim) return { state: 'none', at: null }
  if (claim.revokedAt) return { state: 'revoked', at: claim.revokedAt }
  if (claim.usedAt) return { state: 'used', at: claim.usedAt }
  return { state: claim.expiresAt < now ? 'ended' : 'open', at: claim.expiresAt }
}

function certificateOf({ certificates }: VillageRecord, now: number): VillageStatus['certificate'] {
  const open = certificates.filter(({ revokedAt }) => !revokedAt).sort((a, b) => b.expiresAt - a.expiresAt)[0]
  if (open) return { state: open.expiresAt < now ? 'ended' : 'good', at: open.expiresAt }
  const revoked = certificates.map(({ revokedAt }) => revokedAt ?? 0)
  return revoked.length === 0 ? { state: 'none', at: null } : { state: 'revoked', at: Math.max(...revoked) }
}

/** What ends soon: `what` is a village’s code or a file in the fleet folder. */
export type Due = { what: string; kind: 'certificate' | 'file' | 'server' | 'authority'; endsAt: number }

/** All that ends before `until` and that nobody has replaced or taken back, the first first. */
export function listDue(fleet: Fleet, { now, until }: { now: number; until: number }): Due[] {
  const villages = statusOf(fleet.folder, readRegister(fleet.folder), now).flatMap(
    ({ village, file, certificate }): Due[] => [
      ...(file.state === 'open' && file.at !== null ? [{ what: village, kind: 'file' as const, endsAt: file.at }] : []),
      ...(certificate.at !== null && ['good', 'ended'].includes(certificate.state)
        ? [{ what: village, kind: 'certificate' as const, endsAt: certificate.at }]
        : []),
    ],
  )
  const servers = [
    'broker/broker.pem',
    ...hubNames(fleet.settings).flatMap((hub) => [`${hub}/hub.pem`, `${hub}/console.pem`]),
  ]
  const authorities = ['root-ca.pem', 'issuing-ca.pem', 'claim-ca.pem', 'lan-root.pem', 'lan-ca.pem']
  const endOf = (file: string) => new X509Certificate(readFileSync(join(fleet.folder, file))).validToDate.getTime()
  return [
    ...villages,
    ...servers.map((what): Due => ({ what, kind: 'server', endsAt: endOf(what) })),
    ...authorities.map((what): Due => ({ what, kind: 'authority', endsAt: endOf(what) })),
  ]
    .filter(({ endsAt }) => endsAt < until)
    .sort((a, b) => a.endsAt - b.endsAt)
}
