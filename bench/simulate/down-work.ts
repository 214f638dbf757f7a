import { generateKeyPairSync } from 'node:crypto'
import { packFrame } from '../../appliance/wire/frame.ts'
import { signDown } from '../../appliance/wire/sign.ts'
import { packCommand } from '../../regency/commands/sending.ts'
import { packDataset } from '../../regency/datasets/publishing.ts'
import type { Stage } from './faults.ts'
import { hubKey } from './hub.ts'
import type { Origin } from './ledger.ts'

/*
 * What the regency's people give while everything goes on, what people at a box take back, and what strangers and a broker
 * with a memory play.
 */

const hour = 3_600_000
export const datasets = ['holidays', 'agencies'] as const
type Played = (typeof datasets)[number]
const { privateKey: strangersKey } = generateKeyPairSync('ed25519')
const elsewhere = '3510242099'

/** Each as often as the number says. */
const shares = [
  [8, (stage: Stage) => giveCommand(stage)],
  [5, (stage: Stage) => publish(stage, stage.world.random.pick(datasets))],
  [1, (stage: Stage) => publishBad(stage)],
  [2, (stage: Stage) => takeBack(stage)],
  [2, (stage: Stage) => rollBackAtBox(stage)],
  [1, (stage: Stage) => sendStrange(stage, stage.world.random.pick(['foreign', 'forged'] as const))],
  [1, (stage: Stage) => retain(stage)],
  [1, (stage: Stage) => forgeManifest(stage)],
  [2, (stage: Stage) => replay(stage)],
] as const
const lots = shares.flatMap(([times, play]) => Array.from({ length: times }, () => play))

export const playDown = (stage: Stage): void => stage.world.random.pick(lots)(stage)

const types = ['message', 'message', 'set', 'set', 'announce', 'announce', 'check', 'backup', 'restart'] as const

export function giveCommand(
  { world: { random }, hub, ledger, tell }: Stage,
  {
    type = random.pick(types),
    forMs = random.pick([hour, 2 * hour, 7 * 24 * hour, 30 * 24 * hour]),
  }: { type?: (typeof types)[number]; forMs?: number } = {},
): void {
  const id = hub.regency.newId()
  const { expires } = hub.regency.give(id, type, dataOf(type, id), forMs)
  ledger.noteCommand(id, { type, origin: 'given', expires })
  tell(`the regency gives ${id}, ${type}, for ${forMs / hour} h`)
}

function dataOf(type: string, id: string): Record<string, unknown> {
  if (type === 'message') return { text: id, from: 'Dinas' }
  return type === 'set' ? { setting: 'phonePercent', value: Number(id.slice(3)) % 100 } : {}
}

const day = (n: number): string => new Date(Date.UTC(2027, 0, 1 + n)).toISOString().slice(0, 10)

/** No two alike, and too large for one piece. */
function makeContent({ random }: Stage['world'], dataset: Played): unknown {
  const rows = random.between(1, 70)
  const name = () => `Nama ${random.next().toString(36).slice(2)}`
  const list = Array.from({ length: rows }, (_, n) =>
    dataset === 'holidays' ? { day: day(n), name: name() } : { code: `kode-${n}`, name: name() },
  )
  return { [dataset]: list }
}

export function publish({ world, hub, ledger, tell }: Stage, dataset: Played): void {
  const { version, sha256 } = hub.regency.publish(dataset, makeContent(world, dataset))
  ledger.notePublication({ dataset, version, sha256, isGood: true })
  tell(`the regency publishes ${dataset} ${version}`)
}

/** A newer hub's schema, or a file that is no longer the one whose sum was taken. */
export function publishBad(
  { world, hub, ledger, tell }: Stage,
  how: 'schema' | 'checksum' = world.random.pick(['schema', 'checksum']),
): void {
  const dataset = world.random.pick(datasets)
  const { version, sha256 } =
    how === 'schema'
      ? hub.regency.publish(dataset, { [dataset]: [{ strange: world.random.next() }] })
      : hub.regency.publish(dataset, makeContent(world, dataset), 'x'.repeat(43))
  ledger.notePublication({ dataset, version, sha256, isGood: false })
  tell(`the regency publishes ${dataset} ${version} with a wrong ${how}`)
}

function takeBack({ world, hub, ledger, tell }: Stage): void {
  const back = hub.regency.takeBack(world.random.pick(datasets))
  if (!back) return
  // What is published once more is as good as it was.
  const { dataset, version, of } = back
  const before = ledger.publications.findLast((one) => one.dataset === dataset && one.version === of)
  if (before) ledger.notePublication({ ...before, version })
  tell(`the regency takes ${dataset} back to ${of}, as ${version}`)
}

function rollBackAtBox({ world, boxes, tell }: Stage): void {
  const [box, dataset] = [world.random.pick(boxes), world.random.pick(datasets)]
  tell(`${box.name} takes ${dataset} back`)
  box.rollBack(dataset)
}

/** A command that no hub gave this village. `foreign`: signed for another; `forged`: by another key; `retained`: as it should be. */
function makeCommand({ world, hub, ledger }: Stage, origin: Origin): Buffer {
  const id = hub.regency.newId()
  const type = world.random.pick(['announce', 'message'] as const)
  const expires = hub.regency.now() + 7 * 24 * hour
  ledger.noteCommand(id, { type, origin, expires })
  return packCommand(origin === 'forged' ? strangersKey : hubKey, origin === 'foreign' ? elsewhere : village, {
    id,
    type,
    data: dataOf(type, id),
    expires,
  })
}

export function sendStrange(stage: Stage, origin: 'foreign' | 'forged'): void {
  stage.tell(`a ${origin} command`)
  stage.broker.downInOrder('command', makeCommand(stage, origin))
}

/** It is played to every box that connects from now on. */
export function retain(stage: Stage): void {
  stage.tell('the broker keeps a command')
  stage.broker.retain('command', makeCommand(stage, 'retained'))
}

/** It names what there is, with another sum, and a version that nobody published. */
export function forgeManifest({ broker, tell, hub }: Stage): void {
  const { file, sha256 } = packDataset({ holidays: [] })
  const datasets = [
    ...hub
      .tables()
      .down.offers()
      .map((offer) => ({ ...offer, sha256 })),
    { dataset: 'hours', version: 1_000, bytes: file.length, sha256, at: hub.regency.now() },
  ]
  tell('a forged list of datasets')
  broker.downInOrder('data', packFrame({ datasets, sig: signDown(strangersKey, village, { datasets }) }))
}

/** What went down before, whenever that was. */
function replay({ world, broker, wentDown, tell }: Stage): void {
  const [first] = wentDown
  if (!first) return
  const { kind, payload } = world.random.pick(wentDown)
  tell(`an old ${kind} comes again`)
  broker.downInOrder(kind, payload)
}

export const village = '3510242008'
