import { connectAsync, type IClientOptions } from 'mqtt'
import { unpackFrame } from '../../appliance/wire/frame.ts'
import { limits } from '../../appliance/wire/messages.ts'

/** What came on a topic, read as far as it can be. */
export type Heard = { topic: string; message: unknown; retained: boolean; at: number }

export type Line = Awaited<ReturnType<typeof openLine>>

/** A line to the broker of whoever is tried, which remembers what it heard. */
export async function openLine(url: string, topics: readonly string[], options: IClientOptions) {
  const client = await connectAsync(url, { protocolVersion: 4, clean: true, reconnectPeriod: 1_000, ...options }, false)
  const heard: Heard[] = []
  const listeners = new Set<() => void>()
  client.on('message', (topic, payload, packet) => {
    heard.push({ topic, message: read(payload), retained: packet.retain, at: performance.now() })
    for (const listener of listeners) listener()
  })
  await client.subscribeAsync([...topics], { qos: 1 })

  /** The first that fits, behind `from` of what was heard; null when none came in time. */
  function next(fits: (one: Heard) => boolean, { from, withinMs }: { from: number; withinMs: number }) {
    return new Promise<Heard | null>((resolve) => {
      let looked = from
      const end = (found: Heard | null) => {
        clearTimeout(timer)
        listeners.delete(look)
        resolve(found)
      }
      const look = () => {
        for (; looked < heard.length; looked++) {
          const one = heard[looked]
          if (one && fits(one)) return end(one)
        }
        return undefined
      }
      const timer = setTimeout(end, withinMs, null)
      listeners.add(look)
      look()
    })
  }

  return {
    heard,
    next,
    publish: (topic: string, payload: Buffer | string, retain = false) =>
      client.publishAsync(topic, payload, { qos: 1, retain }),
    close: () => client.endAsync(true),
  }
}

function read(payload: Buffer): unknown {
  try {
    return unpackFrame(payload, limits.unpackedBytes, limits.chunkJsonDepth)
  } catch {
    return null
  }
}
