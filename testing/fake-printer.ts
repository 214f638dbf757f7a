import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'
import type { PrinterRules } from '../appliance/print/printer-places.ts'

/* A receipt printer on loopback for tests: it takes bytes, and answers DLE EOT 2 and 4 as Epson's do. */

export type FakeCondition = 'ready' | 'paper-low' | 'paper-out' | 'cover-open' | 'error' | 'mute' | 'deaf'

const answers: Record<Exclude<FakeCondition, 'mute' | 'deaf'>, { cause: number; paper: number }> = {
  ready: { cause: 0x12, paper: 0x12 },
  'paper-low': { cause: 0x12, paper: 0x1e },
  'paper-out': { cause: 0x32, paper: 0x7e },
  'cover-open': { cause: 0x16, paper: 0x12 },
  error: { cause: 0x52, paper: 0x12 },
}

/** `mute` answers no question; `deaf` takes the connection and then reads nothing. `papers` are what was printed. */
export async function startFakePrinter(port = 0) {
  let condition: FakeCondition = 'ready'
  let onPaper = () => {}
  const papers: Buffer[] = []
  const sockets = new Set<Socket>()

  const server = createServer((socket) => {
    sockets.add(socket)
    let received = Buffer.alloc(0)
    socket.on('error', () => {})
    socket.on('close', () => {
      sockets.delete(socket)
      if (received.length > 0) papers.push(received)
    })
    if (condition === 'deaf') return socket.pause()
    socket.on('data', (chunk) => {
      for (let at = 0; at < chunk.length; at++) {
        const isQuestion = chunk[at] === 0x10 && chunk[at + 1] === 0x04 && [2, 4].includes(chunk[at + 2] ?? 0)
        if (!isQuestion) {
          received = Buffer.concat([received, chunk.subarray(at, at + 1)])
          continue
        }
        if (condition !== 'mute' && condition !== 'deaf') {
          const { cause, paper } = answers[condition]
          socket.write(Buffer.from([chunk[at + 2] === 2 ? cause : paper]))
        }
        at += 2
      }
      if (received.length > 0) onPaper()
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const listening = (server.address() as AddressInfo).port

  return {
    port: listening,
    target: `tcp://127.0.0.1:${listening}`,
    papers,
    set: (next: FakeCondition) => {
      condition = next
    },
    /** Runs once when the next paper's bytes come in: what may happen while a printer prints. */
    whilePrinting: (happens: () => void) => {
      onPaper = () => {
        onPaper = () => {}
        happens()
      }
    },
    async stop(): Promise<void> {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The fake stands on loopback, and a file of a temporary folder may be a device. */
export const fakeRules: PrinterRules = {
  mayName: () => true,
  mayOpen: () => true,
  mayWrite: () => true,
  mayReach: () => true,
  mayReachService: () => true,
}
