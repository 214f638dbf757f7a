import { connect, type Socket } from 'node:net'
import { findAddress } from './find-address.ts'
import type { PrinterRules } from './printer-places.ts'
import {
  askStatus,
  broken,
  type Condition,
  isStatus,
  readStatus,
  refused,
  unknown,
  unreachable,
} from './printer-status.ts'

/** How long each step may take, ms. */
export type Patience = { connectMs: number; answerMs: number; writeMs: number }

/** One visit to the printer: what it is like, and whether the bytes went in. */
export type Visit = { condition: Condition; taken: boolean }

/**
 * A printer at a TCP port (9100: whatever comes in is printed). Each visit is a connection of its own, because such
 * printers serve one at a time and forget others.
 */
export function openNetworkPrinter(host: string, port: number, patience: Patience, { mayReach }: PrinterRules) {
  let visiting: Socket | null = null

  async function visit(bytes: Uint8Array | null): Promise<Visit> {
    const address = await findAddress(host, mayReach, patience.connectMs)
    if (address === null) return { condition: unreachable, taken: false }
    if (!mayReach(address)) return { condition: refused, taken: false }
    const socket = connect({ host: address, port, noDelay: true })
    visiting = socket
    socket.on('error', () => {})
    try {
      if (!(await happens(socket, 'connect', patience.connectMs))) return { condition: unreachable, taken: false }
      const before = await look(socket)
      if (!bytes || before.state === 'offline' || before.state === 'paper-out')
        return { condition: before, taken: false }
      if (!(await write(socket, bytes))) return { condition: broken, taken: false }
      // A roll that ends within the ticket is seen here; the ticket is then printed again.
      const after = before.state === 'ready' ? await look(socket) : before
      const taken = after.state === 'ready' || after.state === 'unknown'
      socket.end()
      await happens(socket, 'close', patience.answerMs)
      return { condition: after, taken }
    } finally {
      socket.destroy()
    }
  }

  /** Many cheap printers answer nothing: then nothing is known of them, and they are printed on all the same. */
  async function look(socket: Socket): Promise<Condition> {
    const paper = await ask(socket, 4)
    if (paper === null) return unknown
    const cause = await ask(socket, 2)
    return cause === null ? unknown : readStatus(paper, cause)
  }

  function ask(socket: Socket, n: 2 | 4): Promise<number | null> {
    return new Promise((resolve) => {
      const answer = (chunk: Buffer) => {
        const byte = chunk.find(isStatus)
        if (byte !== undefined) settle(byte)
      }
      const settle = (byte: number | null) => {
        clearTimeout(timer)
        socket.off('data', answer)
        resolve(byte)
      }
      const timer = setTimeout(settle, patience.answerMs, null)
      socket.on('data', answer)
      socket.write(askStatus(n))
    })
  }

  /** Resolves when the bytes have left this machine; a printer that takes none (its buffer is full) fails. */
  function write(socket: Socket, bytes: Uint8Array): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, patience.writeMs, false)
      socket.write(bytes, (error) => {
        clearTimeout(timer)
        resolve(!error)
      })
    })
  }

  return {
    visit,
    /** Ends a visit that is on. */
    leave: () => visiting?.destroy(),
  }
}

/** Whether an event comes within a time, and before an error. */
function happens(socket: Socket, event: 'connect' | 'close', withinMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, withinMs, false)
    const settle = (came: boolean) => {
      clearTimeout(timer)
      resolve(came)
    }
    socket.once(event, () => settle(true))
    socket.once('error', () => settle(false))
    if (event === 'connect') socket.once('close', () => settle(false))
  })
}
