import { createHash } from 'node:crypto'
import type { SimulatedBox } from './box.ts'
import type { FaultKind } from './faults.ts'
import type { SimulatedHub } from './hub.ts'
import type { Ledger } from './ledger.ts'

type Rest = { boxes: readonly SimulatedBox[]; hub: SimulatedHub; ledger: Ledger; kinds: readonly FaultKind[] }

/** Datasets and commands at rest: every way in which they are not as they should be; what was seen earlier, too. */
export function findDownFaults(rest: Rest): string[] {
  const { ledger, kinds, boxes } = rest
  const inOrder = kinds.every((kind) => keepsCommandsInOrder.has(kind))
  const wholeDeeds = kinds.every((kind) => !partsDeedFromWord.has(kind))
  return [
    ...ledger.faults,
    ...(inOrder ? ledger.disorders : []),
    ...(wholeDeeds && ledger.deeds.done > ledger.deeds.said
      ? [`command: ${ledger.deeds.done} announcements for ${ledger.deeds.said} outcomes`]
      : []),
    ...boxes.flatMap((box) => [...findMixtures(box, ledger), ...findHalfSettings(box, kinds)]),
    ...findUndone(rest),
    ...findOtherVersions(rest),
  ]
}

type Standing = { dataset: string; current: number | null; refused: number; why: string | null; file: Buffer | null }
const standingsOf = (box: SimulatedBox): Standing[] =>
  box
    .db()
    .prepare<[], Standing>(
      'SELECT dataset, current, refused, why, file FROM dataset LEFT JOIN dataset_version AS v USING (dataset) WHERE v.version IS current',
    )
    .all()

/** Whatever counts on a box is, byte for byte, a good version that was once published under that number. */
function findMixtures(box: SimulatedBox, { publications }: Ledger): string[] {
  return standingsOf(box).flatMap(({ dataset, current, file }) => {
    if (current === null) return []
    const sum = createHash('sha256')
      .update(file ?? '')
      .digest('base64url')
    const isKnown = publications.some(
      (one) => one.isGood && one.dataset === dataset && one.version === current && one.sha256 === sum,
    )
    return isKnown ? [] : [`dataset: ${box.name} has a ${dataset} ${current} that was never published so`]
  })
}

/** The village's boxes have what the hub offers, or where that is bad or was taken back there, a version before it. */
function findOtherVersions({ boxes, hub, ledger, kinds }: Rest): string[] {
  const hubForgets = kinds.some((kind) => forgetsPublications.has(kind))
  return ownersOf(boxes).flatMap((box) => {
    const here = new Map(standingsOf(box).map((standing) => [standing.dataset, standing]))
    return hub
      .tables()
      .down.offers()
      .flatMap(({ dataset, version }) => {
        const { current = null, refused = 0, why = null } = here.get(dataset) ?? {}
        const isGood = ledger.publications.findLast((one) => one.dataset === dataset && one.version === version)?.isGood
        const lacks = isGood && version > refused && (current ?? 0) < version
        const ahead = (current ?? 0) > version && !hubForgets
        const refusesGood = isGood && refused === version && why !== null && !hubForgets
        return lacks || ahead || refusesGood
          ? [`dataset: ${box.name} has ${dataset} ${current}, offered ${version}, refused ${refused} ${why ?? ''}`]
          : []
      })
  })
}

/** Every command that has not expired has its outcome at the hub, if a box of the village is there to hear it. */
function findUndone({ boxes, hub }: Rest): string[] {
  if (ownersOf(boxes).length === 0) return []
  return hub
    .tables()
    .down.open(hub.regency.now())
    .map(({ id, type }) => `command: ${type} ${id} has no outcome at rest`)
}

/** A setting and its outcome are one transaction. */
function findHalfSettings(box: SimulatedBox, kinds: readonly FaultKind[]): string[] {
  if (kinds.some((kind) => partsEntries.has(kind))) return []
  const count = (where: string) =>
    box.db().prepare<[], number>(`SELECT count(*) FROM entry WHERE ${where}`).pluck().get() ?? 0
  const changed = count(`type = 'queue.notice-changed' AND actor = 'hub'`)
  const said = count(`type = 'commands.carried-out' AND data ->> 'type' = 'set' AND data ->> 'outcome' = 'done'`)
  return changed === said ? [] : [`command: ${box.name} has ${changed} settings for ${said} outcomes`]
}

const ownersOf = (boxes: readonly SimulatedBox[]): SimulatedBox[] =>
  boxes.filter((box) => box.uplink()?.state().isOwner === true)

/** Fault kinds after which commands still come in the order in which they were given. */
const keepsCommandsInOrder: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'cut',
  'power-cut',
  'power-cut-between-writes',
  'duplicates',
  'half-open',
  'broker-crash',
  'hub-dies-before-ack',
  'clock',
  'backup',
  'restore-unseen',
  'restore-told',
  'roll-call',
])

/** A deed that leaves nothing on the disk is done again where its word was lost. */
const partsDeedFromWord: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'power-cut',
  'power-cut-between-writes',
  'disk-full',
])

/** What was published is forgotten, or another hub says what it once had. */
const forgetsPublications: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'hub-restored',
  'hub-emptied',
  'stale-hub-answers',
])

/** Of what one transaction wrote, a half may be gone: by damage, or since the hub held only the first of it. */
const partsEntries: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'entry-damaged',
  'hub-rows-lost',
  'restore-unseen',
  'restore-told',
  'card-wiped',
])
