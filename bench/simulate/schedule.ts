import { generateKeyPairSync } from 'node:crypto'
import type { UpKind } from '../../appliance/relay/sender-shell.ts'
import { publicKeyOf } from '../../appliance/wire/sign.ts'
import { createBox, type Sabotage, type SimulatedBox } from './box.ts'
import { createBroker } from './broker.ts'
import { findFaults } from './check.ts'
import { findDownFaults } from './check-down.ts'
import { findPartFaults } from './check-parts.ts'
import { datasets, giveCommand, playDown, publish, village } from './down-work.ts'
import { type FaultKind, faultKinds, type Stage } from './faults.ts'
import { createHub, type HubKind, type HubSabotage, hubPublicKey } from './hub.ts'
import { createLedger } from './ledger.ts'
import { playParts } from './parts.ts'
import { createRandom } from './random.ts'
import { playSticks, type Sticks } from './sticks.ts'
import { createWorld } from './world.ts'

export type Options = {
  seed: number
  /** The fault kinds of this schedule; drawn from the seed when left out. */
  kinds?: readonly FaultKind[]
  /** How many steps; drawn when left out. */
  steps?: number
  sabotage?: Sabotage & { hub?: HubSabotage }
  /** Takes the place of the drawn steps: a schedule written for one hole. */
  script?: (stage: Stage) => Promise<void>
}

export type Result = {
  seed: number
  kinds: readonly FaultKind[]
  /** What was done, in order, with its moment: a failing schedule's story. */
  story: string[]
  faults: string[]
  injected: number
  confirmed: number
  /** Messages up by kind, and places at the hub: what growth is measured by (F53). */
  sent: Record<UpKind, number>
  placesAtHub: number
}

const hour = 3_600_000

/** Keys cost time to make and change nothing: a few are used again and again. */
const keys = Array.from({ length: 8 }, () => {
  const { privateKey } = generateKeyPairSync('ed25519')
  return { key: privateKey, publicKey: publicKeyOf(privateKey) }
})

/** Runs one schedule from its seed to rest, and says what broke. */
export async function runSchedule(options: Options): Promise<Result> {
  const { seed, kinds: given, steps: givenSteps, sabotage = {}, script } = options
  const random = createRandom(seed)
  const world = createWorld(random)
  const kinds = given ?? drawMix(random)
  const ofSticks = createRandom(seed + 2_000_000_011)
  const carries = !given && ofSticks.chance(0.4)
  const story: string[] = []
  const confirmed: string[] = []
  const excused = new Set<string>()
  const sent: Record<UpKind, number> = { hello: 0, up: 0, want: 0 }
  const boxes: SimulatedBox[] = []
  let injected = 0
  let stoppedOnce = false

  const broker = createBroker(world, (kind, payload) => {
    for (const listener of hubs) listener(kind, payload)
  })
  const wentDown: Stage['wentDown'] = []
  const ledger = createLedger(() => hub.regency.now())
  const sendDown = (kind: HubKind, payload: Buffer) => {
    if (kind === 'ack' || kind === 'chunk') return broker.down(kind, payload)
    wentDown.push({ kind, payload })
    broker.downInOrder(kind, payload)
  }
  const hub = createHub(world, village, sendDown, sabotage.hub ?? {}, ledger.noteHello)
  const hubs = new Set<(kind: UpKind, payload: Buffer) => void>([hub.take])

  function addBox(how: { disk?: Buffer; hardware?: string; keyOf?: SimulatedBox; clientId?: string }): SimulatedBox {
    const index = boxes.length
    const identity = how.keyOf?.identity ?? keys[index % keys.length]
    if (!identity) throw new RangeError('No key.')
    const box = createBox({
      name: `box${index}`,
      world,
      broker: {
        ...broker,
        up: (client, kind, payload) => {
          sent[kind]++
          broker.up(client, kind, payload)
        },
      },
      village,
      clientId: how.clientId ?? village,
      identity: { key: identity.key, publicKey: identity.publicKey },
      hardware: { serial: how.hardware ?? `s${index}`, card: 'c' },
      hubKey: hubPublicKey,
      sabotage,
      ledger,
      onConfirmed: (text) => confirmed.push(text),
      onStopped: () => {
        stoppedOnce = true
      },
      ...(how.disk ? { disk: how.disk } : {}),
    })
    boxes.push(box)
    return box
  }

  const stage: Stage = {
    world,
    broker,
    hub,
    hubs,
    ledger,
    wentDown,
    sendDown,
    boxes,
    addBox,
    excused,
    damagedRows: new Set(),
    backups: [],
    hubBackups: [],
    tell: (what) => story.push(`${(world.now() / 1_000).toFixed(1)} s  ${what}`),
    rollCall: (all) => broker.down('roll-call', Buffer.from(JSON.stringify({ hub: 'hub', spread: 1_000, all }))),
  }

  const faults = await play()
  const placesAtHub = hub.tables().db.prepare<[], number>('SELECT count(*) FROM place').pluck().get() ?? 0
  for (const box of boxes) box.db().close()
  hub.tables().db.close()
  return { seed, kinds, story, faults, injected, confirmed: confirmed.length, sent, placesAtHub }

  /** What throws is a fault too: on a box it would be a crash. */
  async function play(): Promise<string[]> {
    try {
      addBox({}).start()
      await world.pass(2_000)
      if (script) await script(stage)
      else await playRandomly()
      const restless = await comeToRest()
      const isOrdered = !stoppedOnce && kinds.every((kind) => keepsOrder.has(kind) && !(carries && forgets.has(kind)))
      return [
        ...findFaults({ village, boxes, hub: hub.tables(), confirmed, excused, isOrdered, restless }),
        ...findDownFaults({ boxes, hub, ledger, kinds }),
        ...findPartFaults({ boxes, hub: hub.tables(), ledger, excused }),
      ]
    } catch (error) {
      return [`crash: ${(error as Error).stack}`]
    }
  }

  async function playRandomly(): Promise<void> {
    // Of their own, so that a seed plays the same faults as it did without them.
    const ofParts = createRandom(seed + 1_000_000_007)
    const sticks: Sticks = { written: [], receipts: [] }
    const steps = givenSteps ?? random.between(15, 50)
    for (let step = 0; step < steps; step++) {
      if (kinds.length > 0 && random.chance(0.4)) {
        const kind = random.pick(kinds)
        stage.tell(kind)
        injected++
        faultKinds[kind](stage)
      } else someWork()
      if (random.chance(0.15)) playDown(stage)
      if (ofParts.chance(0.25)) playParts(stage, ofParts)
      if (carries && ofSticks.chance(0.3)) playSticks(stage, sticks, ofSticks)
      await world.pass(random.pick([50, 500, 5_000, 60_000, 20 * 60_000]))
      for (const box of boxes) if (!box.isRunning() && random.chance(0.7)) box.start()
    }
  }

  function someWork(): void {
    for (const box of boxes) {
      const count = random.between(0, 4)
      if (count > 0 && box.isRunning()) stage.tell(`${box.name} writes ${count}`)
      for (let i = 0; i < count; i++)
        box.work(random.chance(0.2) ? `key${random.between(100_000_000, 100_000_003)}` : null)
    }
  }

  /** Everything is mended, and time passes until nothing moves; answers what moved in the last quiet hours. */
  async function comeToRest(): Promise<number> {
    stage.tell('everything is mended')
    broker.setFaults({ loss: 0, duplicate: 0, reorder: 0, late: 0 })
    for (const listener of hubs) if (listener !== hub.take) hubs.delete(listener)
    hub.dieBeforeAnswers(0)
    hub.restart()
    boxes.forEach((box, index) => {
      Object.assign(box.faults, { full: false, writesUntilCut: null })
      box.setWallOffset(0)
      box.setClientId(`${village}-${index}`)
      box.thaw()
      if (!box.isRunning()) box.start()
    })
    const owner = hub.tables().owner()
    const [first] = boxes
    if (first && !boxes.some((box) => box.identity.box === owner)) hub.tables().setOwner(first.identity.box)
    for (const box of boxes) hub.tables().enrol(box.identity.publicKey, box.identity.box)
    for (const box of boxes) box.verifyNightly()
    for (let round = 0; round < 3; round++) await passAndCall(2)
    for (const box of boxes) await box.journal()?.closeDamaged()
    // Twenty new epochs a day, and then the rest tomorrow.
    for (let day = 0; day < 4 && boxes.some((box) => !isDrained(box)); day++) await passAndCall(24)
    // Rows are counted again, and parts that are lacking are asked for, from boxes that have nothing else to send.
    hub.restart()
    for (let round = 0; round < 2; round++) await passAndCall(2)
    // Whatever happened: now that every box was heard, the next version reaches them all, and a command is done.
    publish(stage, random.pick(datasets))
    giveCommand(stage, { forMs: 30 * 24 * hour })
    for (let round = 0; round < 2; round++) await passAndCall(2)
    const before = sent.up + sent.want
    for (let i = 0; i < 3; i++) await world.pass(hour)
    return sent.up + sent.want - before
  }

  async function passAndCall(hours: number): Promise<void> {
    stage.rollCall(true)
    await world.pass(hours * hour)
    for (const box of boxes) if (!box.isRunning()) box.start()
  }
}

const isDrained = (box: SimulatedBox): boolean => {
  const state = box.uplink()?.state()
  return state !== undefined && state.missing.length === 0 && state.epochs.every(({ acked, last }) => acked === last)
}

/** Each schedule has its own mix: some kinds often, most not at all. One mix for all finds far less. */
function drawMix(random: ReturnType<typeof createRandom>): FaultKind[] {
  const all = Object.keys(faultKinds) as FaultKind[]
  const share = random.pick([0.1, 0.25, 0.5])
  return all.filter(() => random.chance(share))
}

/** Fault kinds after which the hub still learns everything in the order of writing (rule 13). */
const keepsOrder: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'cut',
  'power-cut',
  'power-cut-between-writes',
  'loss',
  'duplicates',
  'half-open',
  'broker-crash',
  'hub-dies-before-ack',
  'clock',
  'disk-full',
  'late-messages',
  'restore-unseen',
  'restore-told',
  'hub-restored',
])

/** A stick may then bring what its box has forgotten since, behind what was written later. */
const forgets: ReadonlySet<FaultKind> = new Set<FaultKind>(['restore-unseen', 'restore-told'])
