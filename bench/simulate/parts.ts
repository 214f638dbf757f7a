import { makeRecoveryKey, recipientOf } from '../../appliance/backup/recovery.ts'
import type { SealedPart } from '../../appliance/base/journal/event-registry.ts'
import { createPartOpener, sealPart } from '../../appliance/wire/private-parts.ts'
import type { Stage } from './faults.ts'
import type { Random } from './random.ts'

/*
 * What is private in a schedule: age files for one village's key, sealed and opened once for all schedules, since that
 * takes as long as a hundred entries.
 */

export type Part = SealedPart<'visitors.noted'>

const villageKey = makeRecoveryKey()
const recipients = [await recipientOf(villageKey)]
export const villageRecipients = { village: recipients[0] ?? '', regency: null }

/** So many a schedule writes at most: none is written twice. */
const pool: readonly Part[] = await Promise.all(
  Array.from({ length: 40 }, async (_, i) => ({
    ...{ type: 'visitors.noted' as const, recipients },
    ...(await sealPart({ name: `Siti ${i}`, nik: String(i) }, recipients)),
  })),
)
const open = await createPartOpener(villageKey)
const opened = new Map(
  await Promise.all(
    pool.map(async ({ file, p }) => [file.toString('base64url'), (await open(file, p)) ?? 'does not open'] as const),
  ),
)

/** What the village's key reads in a file; null for none that a box has sealed. */
export const readPart = (file: Buffer): string | null => opened.get(file.toString('base64url')) ?? null

/** People note visitors, and what they noted of one ends. */
export function playParts(stage: Stage, random: Random): void {
  const box = random.pick(stage.boxes)
  if (random.chance(0.7)) noteVisitor(stage, box)
  else eraseOne(stage, box, random)
}

export function noteVisitor({ ledger, tell }: Stage, box: Stage['boxes'][number]): void {
  const part = pool[ledger.parts.size]
  if (!part || !box.note(part, `visitor${String(ledger.parts.size).padStart(5, '0')}`)) return
  ledger.parts.set(part.p.toString('hex'), part.text)
  tell(`${box.name} notes visitor ${ledger.parts.size - 1}`)
}

/** One of those that this box has, whoever noted it. */
export function eraseOne(
  { ledger, tell, world }: Stage,
  box: Stage['boxes'][number],
  random: Random = world.random,
): void {
  const erased = box.erase((rows) => random.pick(rows))
  if (erased === null) return
  ledger.erased.add(erased)
  tell(`${box.name} erases the part ${erased.slice(0, 8)}`)
}
