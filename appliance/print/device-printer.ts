import { constants } from 'node:fs'
import { open, realpath } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import type { Patience, Visit } from './network-printer.ts'
import type { PrinterRules } from './printer-places.ts'
import { broken, type Condition, paperOut, ready, refused, unknown, unreachable } from './printer-status.ts'

const { O_WRONLY, O_NONBLOCK, O_APPEND, O_NOFOLLOW, O_NOCTTY } = constants
const conditions: Record<string, Condition> = { ENOSPC: paperOut, EIO: broken }
const againMs = 100

/**
 * A printer behind a device file (usblp: /dev/usb/lp0). It is opened for each ticket, without waiting: the driver holds
 * a writer for ever while paper is missing. What it says of itself comes as the error of a write (ENOSPC: no paper).
 * What was opened is looked at before the first byte: a name may lead anywhere.
 */
export function openDevicePrinter(path: string, { writeMs }: Patience, { mayOpen, mayWrite }: PrinterRules) {
  async function visit(bytes: Uint8Array | null): Promise<Visit> {
    try {
      const realPath = await realpath(path)
      if (!mayOpen(realPath)) return { condition: refused, taken: false }
      const device = await open(realPath, O_WRONLY | O_NONBLOCK | O_APPEND | O_NOFOLLOW | O_NOCTTY)
      try {
        if (!mayWrite(await device.stat())) return { condition: refused, taken: false }
        if (!bytes) return { condition: unknown, taken: false }
        for (let written = 0, waitedMs = 0; written < bytes.length; ) {
          const count = await writeSome(device, bytes.subarray(written))
          written += count
          if (count > 0) continue
          if (waitedMs >= writeMs) return { condition: broken, taken: false }
          waitedMs += againMs
          await pause(againMs)
        }
        return { condition: ready, taken: true }
      } finally {
        await device.close()
      }
    } catch (error) {
      return { condition: conditions[(error as NodeJS.ErrnoException).code ?? ''] ?? unreachable, taken: false }
    }
  }

  return {
    visit,
    /** Nothing to end: a visit never waits longer than `writeMs`. */
    leave: () => {},
  }
}

/** Bytes that the device took now; 0 while its buffer is full. */
async function writeSome(device: Awaited<ReturnType<typeof open>>, bytes: Uint8Array): Promise<number> {
  try {
    return (await device.write(bytes)).bytesWritten
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0
    throw error
  }
}
