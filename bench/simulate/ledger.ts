import type { CommandType } from '../../appliance/wire/commands.ts'
import type { HelloAck } from '../../appliance/wire/messages.ts'
import type { HubTables } from './hub-tables.ts'

/** How a command came into the world. Only one that was given may be carried out. */
export type Origin = 'given' | 'retained' | 'foreign' | 'forged'

type KnownCommand = { order: number; type: string; origin: Origin; expires: number }
type Publication = { dataset: string; version: number; sha256: string; isGood: boolean }

export type Ledger = ReturnType<typeof createLedger>

/**
 * What the simulator knows of commands and datasets that no part of the system does, and what it saw go wrong while it
 * happened: that a command was carried out which the box could know not to be due is no longer seen at rest.
 */
export function createLedger(now: () => number) {
  const commands = new Map<string, KnownCommand>()
  const publications: Publication[] = []
  const faults: string[] = []
  /** Faults only where nothing may change the order in which commands come. */
  const disorders: string[] = []
  /** By hello: commands whose outcome the hub held within its chains when it answered. */
  const known = new Map<string, ReadonlySet<string>>()
  const newest = new Map<string, { command: number; versions: Map<string, number> }>()
  const deeds = { done: 0, said: 0 }
  const parts = new Map<string, string>()
  const erased = new Set<string>()
  const damagedParts = new Set<string>()

  const ofBox = (box: string) => {
    const found = newest.get(box) ?? { command: 0, versions: new Map() }
    newest.set(box, found)
    return found
  }

  return {
    commands,
    publications,
    faults,
    disorders,
    deeds,
    /** What was noted in private, by its hash in hex: the text. */
    parts,
    /** Of those, the ones that somebody erased. */
    erased,
    /** Those whose text was damaged on a card, which may have been copied since. */
    damagedParts,
    noteCommand: (id: string, command: Omit<KnownCommand, 'order'>) =>
      void commands.set(id, { ...command, order: commands.size + 1 }),
    notePublication: (publication: Publication) => void publications.push(publication),
    /** Two hubs may answer one hello: what both hold, the box has to know. */
    noteHello({ session, re }: HelloAck, tables: HubTables): void {
      if (commands.size === 0) return
      const held = new Set(tables.outcomes())
      const before = known.get(`${session} ${re}`)
      known.set(`${session} ${re}`, before ? before.intersection(held) : held)
    },
    /** Another card, or the same as it once was. */
    noteDisk: (box: string) => void newest.delete(box),
    /** A deed that leaves nothing on the disk by itself. */
    noteDeed: () => void deeds.done++,
    /** `onDisk`: how many outcomes of it were there when it began; `hello`: the one whose answer counted then. */
    noteObeyed(
      box: string,
      { id, type, outcome }: { id: string; type: CommandType; outcome: string },
      { onDisk, hello }: { onDisk: number; hello: string },
    ): void {
      if (type === 'announce' && outcome === 'done') deeds.said++
      const command = commands.get(id)
      const say = (what: string) => faults.push(`command: ${box} ${what} (${type} ${id}, ${outcome})`)
      if (command?.origin !== 'given') return void say(`carried out one that is ${command?.origin ?? 'unknown'}`)
      if (outcome === 'done' && now() > command.expires + graceMs) say('carried out one that has expired')
      if (onDisk > 0) say('carried out one whose outcome is on its disk')
      if (known.get(hello)?.has(id)) say('carried out one whose outcome the regency had at its hello')
      const last = ofBox(box)
      if (command.order < last.command) disorders.push(`order: ${box} carried out ${id} after a later one`)
      last.command = Math.max(last.command, command.order)
    },
    /** `byPerson`: somebody at the box went back. */
    noteVersion(box: string, dataset: string, version: number, { byPerson }: { byPerson: boolean }): void {
      const { versions } = ofBox(box)
      const before = versions.get(dataset) ?? 0
      if (version < before && !byPerson)
        faults.push(`dataset: ${box} went from ${dataset} ${before} back to ${version}`)
      versions.set(dataset, version)
    },
  }
}

/** A box's clock is as old as the answer that set it. */
const graceMs = 60_000
