import type { UpKind } from '../../appliance/relay/sender-shell.ts'
import type { World } from './world.ts'

/** What a line and a broker do wrong, each a probability per message. */
export type NetworkFaults = { loss: number; duplicate: number; reorder: number; late: number }

export const quietNetwork: NetworkFaults = { loss: 0, duplicate: 0, reorder: 0, late: 0 }

export type DownKind = 'ack' | 'chunk' | 'roll-call' | 'presence' | 'data' | 'command'

/** The box's end of a connection. */
export type Client = {
  clientId: string
  isOpen: boolean
  /** Half-open: nothing passes, and nobody is told. */
  isFrozen: boolean
  receive(kind: DownKind, payload: Buffer, retained: boolean): void
  closed(): void
}

/**
 * A broker that takes messages as a pipe which may forget: it loses, doubles, delays, keeps some for hours, and when it
 * crashes all that it held is gone. A message down goes to every box that is connected for the village, as topics do.
 */
export function createBroker(world: World, toHub: (kind: UpKind, payload: Buffer) => void) {
  const { random } = world
  const clients = new Set<Client>()
  let faults = quietNetwork
  const retained: { kind: DownKind; payload: Buffer }[] = []
  const lastAt = new WeakMap<Client, number>()
  let life = 0
  let isUp = true

  /** `inOrder`: behind what goes to this client already, as MQTT has it within a topic. */
  function carry(deliver: () => void, inOrder: Client | null = null): void {
    if (random.chance(faults.loss)) return
    const born = life
    const copies = random.chance(faults.duplicate) ? random.between(2, 3) : 1
    for (let copy = 0; copy < copies; copy++) {
      const slow = random.chance(faults.reorder) ? random.between(200, 20_000) : 0
      let at = world.now() + random.between(5, 80) + slow
      if (inOrder && slow === 0) {
        at = Math.max(at, lastAt.get(inOrder) ?? 0)
        lastAt.set(inOrder, at)
      }
      world.at(at, () => {
        if (born === life && isUp) deliver()
      })
    }
    // Something on the way had it in store, whatever became of broker and connection meanwhile.
    if (random.chance(faults.late)) world.after(random.between(60_000, 6 * 3_600_000), deliver)
  }

  function drop(client: Client): void {
    if (!client.isOpen) return
    client.isOpen = false
    clients.delete(client)
    client.closed()
  }

  return {
    clients,
    setFaults: (set: NetworkFaults) => {
      faults = set
    },
    isUp: () => isUp,
    /** Takes a client in, unless the broker is down. The same client id connected twice: the first is cut off. */
    connect(client: Client): boolean {
      if (!isUp) return false
      for (const other of clients) if (other.clientId === client.clientId) drop(other)
      client.isOpen = true
      clients.add(client)
      for (const { kind, payload } of retained) carry(() => client.isOpen && client.receive(kind, payload, true))
      return true
    },
    drop,
    up(client: Client, kind: UpKind, payload: Buffer): void {
      if (client.isOpen && !client.isFrozen) carry(() => toHub(kind, payload))
    },
    down(kind: DownKind, payload: Buffer, except: Client | null = null): void {
      for (const client of clients) {
        if (client === except) continue
        carry(() => {
          // Whoever is connected when it arrives gets it: the session in it tells whose it is.
          for (const now of clients)
            if (now.clientId === client.clientId && !now.isFrozen) now.receive(kind, payload, false)
        })
      }
    },
    /** As `down`, in order, and to the connections that are there now only: none names its session. */
    downInOrder(kind: 'data' | 'command', payload: Buffer): void {
      for (const client of clients)
        carry(() => {
          if (client.isOpen && !client.isFrozen) client.receive(kind, payload, false)
        }, client)
    },
    /** Keeps it for whoever subscribes from now on, as nobody should have asked for. */
    retain: (kind: DownKind, payload: Buffer) => void retained.push({ kind, payload }),
    /** All that it held is gone, all lines are cut; it is back after `downMs`. */
    crash(downMs: number): void {
      life++
      isUp = false
      for (const client of [...clients]) drop(client)
      world.after(downMs, () => {
        isUp = true
      })
    },
  }
}

export type Broker = ReturnType<typeof createBroker>
