import type { Fleet } from '../../provisioning/fleet/fleet.ts'
import { readRegister } from '../../provisioning/fleet/register.ts'
import { filterStatus, listDue, statusOf } from '../../provisioning/fleet/status.ts'
import { shareWithHub } from '../../provisioning/fleet/sync-hub.ts'
import { exitCode } from '../base/errors.ts'
import { dayMs } from '../base/time.ts'

/* What `balai fleet` shows of villages and certificates. Each answers the exit code. */

/** Of the villages that all `words` fit. `json`: an array for programs, times as in the register. */
export async function showStatus(
  fleet: Fleet,
  now: number,
  { words, json }: { words: readonly string[]; json: boolean },
): Promise<number> {
  await shareWithHub(fleet)
  const found = filterStatus(statusOf(fleet.folder, readRegister(fleet.folder), now), words)
  if (json) {
    process.stdout.write(`${JSON.stringify(found, null, 2)}\n`)
    return exitCode.ok
  }
  const rows = found.map(({ village, name, district, file, certificate }) =>
    [
      ...[village, say(`file ${file.state}`, file.at), say(`certificate ${certificate.state}`, certificate.at)],
      [name, district].filter((one) => one !== null).join(', '),
    ]
      .join('  ')
      .trimEnd(),
  )
  const none = words.length > 0 ? `No village fits ${words.join(' ')}.` : 'No village has been given anything yet.'
  process.stdout.write(`${rows.join('\n') || none}\n`)
  return exitCode.ok
}

/** Each certificate of one village, the newest first, with what `revoke --box` takes. */
export async function showVillage(fleet: Fleet, village: string, now: number): Promise<number> {
  await shareWithHub(fleet)
  const certificates = readRegister(fleet.folder).villages[village]?.certificates ?? []
  const rows = [...certificates].reverse().map(({ serial, key, issuedAt, expiresAt, revokedAt }) => {
    const ended = expiresAt < now ? 'ended' : 'good until'
    const state = revokedAt ? `revoked ${dateOf(revokedAt)}` : `${ended} ${dateOf(expiresAt)}`
    return `${serial}  made ${dateOf(issuedAt)}  ${state.padEnd(21)}  ${key ? `box key ${key}` : 'key made here'}\n`
  })
  process.stdout.write(rows.join('') || `${village} holds no certificate.\n`)
  return exitCode.ok
}

/** Exit code 1 when something is due, for a job that asks each week. */
export async function showDue(fleet: Fleet, now: number, days: number): Promise<number> {
  await shareWithHub(fleet)
  const due = listDue(fleet, { now, until: now + days * dayMs })
  const rows = due.map(({ what, kind, endsAt }) => `${dateOf(endsAt)}  ${kind.padEnd(11)}  ${what}\n`)
  process.stdout.write(rows.join('') || `Nothing ends within ${days} days.\n`)
  return due.length > 0 ? exitCode.failed : exitCode.ok
}

const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10)
const say = (what: string, at: number | null): string => (at === null ? what : `${what} ${dateOf(at)}`).padEnd(34)
