import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { dirname, join } from 'node:path'
import { requireOfFlows } from '../../base/program-files.ts'
import type { HostBeat } from '../host-line.ts'
import { readEnded, startGuard } from './guard.ts'
import { createLink, type LinkAddress } from './link.ts'
import { nodeRedSettings } from './node-red-settings.ts'
import { createStorage } from './storage.ts'
import { addIndonesian } from './translation.ts'

/** What the box says at the start. */
type Begin = { safeMode: boolean; nodeSets: string[]; credentialSecret: string; zone: string }
type RuntimeEvent = { id: string; payload?: { state?: string; error?: string; type?: string } }
type NodeRed = {
  init(server: unknown, settings: object): void
  start(): Promise<void>
  stop(): Promise<void>
  httpAdmin: unknown
  events: { on(name: string, listener: (event: RuntimeEvent) => void): void }
  nodes: { getNodeList(): { types: string[]; enabled: boolean }[] }
  runtime: { flows: { setFlows(options: object): Promise<unknown> } }
}

const beatMs = 10_000

type Options = {
  link: LinkAddress
  /** Where the editor's Unix socket is made; the folder around it is this process's own. */
  editor: string
  /** The folder that holds node_modules/node-red and flows. */
  modules: string
}

/**
 * Runs Node-RED for the box at the other end of the link, until that ends or orders it. Resolves with `stop`. Rejects where
 * the box refuses, and where Node-RED is not there.
 */
export async function runHost({ link: address, editor, modules }: Options, onEnd: (why: string) => void) {
  lowerOwnClaim()
  const folder = dirname(editor)
  const endedFile = join(folder, 'ended')
  const link = createLink(address)
  const ended = readEnded(endedFile)
  const begin = await new Promise<Begin>((resolve, reject) => {
    let begun = false
    const onMessage = (message: Record<string, unknown>) => {
      if (!begun) resolve(message as Begin)
      else if (message.reload) void reload()
      else if (message.restart) onEnd('the box asks for a restart')
      begun = true
    }
    link
      .follow(`/api/flows/host${ended ? `?ended=${ended}` : ''}`, onMessage, () => onEnd('the box has gone'))
      .catch(reject)
  })
  startGuard(endedFile)
  // The machine's own zone is UTC where nobody set it.
  process.env.TZ = begin.zone

  const state: HostBeat = { state: 'starting', rssMb: 0, missing: [], error: null }
  const tell = (more: Partial<HostBeat> = {}) => {
    state.rssMb = Math.round(process.memoryUsage.rss() / 2 ** 20)
    // Flows run before the editor answers; who is told that they run opens it at once.
    const told = server.listening ? state : { ...state, state: 'starting' }
    // A box that is away for a moment hears of it with the next beat.
    link.ask('POST', '/api/flows/host/beat', { ...told, ...more }).catch(() => {})
  }

  const load = requireOfFlows(modules)
  const red = load('node-red') as NodeRed
  const express = load('express') as () => { use(path: string, handler: unknown): void }
  const app = express()
  const server = createServer(app as never)
  const userDir = join(folder, 'node-red')
  mkdirSync(userDir, { recursive: true })
  // Node-RED looks for modules that were installed there, and finds that none were.
  writeFileSync(join(userDir, 'package.json'), '{"name":"balai-flows","private":true}\n')
  red.init(
    server,
    nodeRedSettings({
      ...{ modules, userDir, link: address, storage: createStorage(link) },
      ...begin,
      onError(message) {
        state.error = message.slice(0, 300)
        process.stderr.write(`${state.error}\n`)
        tell()
      },
    }),
  )
  app.use('/flows', red.httpAdmin)
  red.events.on('runtime-event', ({ id, payload }) => {
    if (id !== 'runtime-state') return
    state.state = payload?.state === 'stop' || payload?.error ? 'stopped' : 'running'
    state.missing = payload?.error === 'missing-types' ? readMissing(payload) : []
    tell()
  })
  red.events.on('flows:started', () => {
    state.state = 'running'
    state.missing = []
    tell()
  })
  await red.start()
  // The one that Node-RED itself has loaded: what it hands out as its util is without languages.
  addIndonesian(load('@node-red/util') as Parameters<typeof addIndonesian>[0], join(modules, 'flows', 'locales', 'id'))
  await listen()
  if (begin.safeMode) state.state = 'stopped'
  tell({ types: red.nodes.getNodeList().flatMap((set) => (set.enabled ? set.types : [])) })
  const beats = setInterval(tell, beatMs)

  async function reload(): Promise<void> {
    state.error = null
    await red.runtime.flows.setFlows({ deploymentType: 'reload', flows: {} }).catch((error: Error) => {
      state.error = error.message.slice(0, 300)
    })
    tell()
  }

  function listen(): Promise<void> {
    rmSync(editor, { force: true })
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(editor, () => {
        // The box is another user; who passes is told by the pass that only it can write.
        chmodSync(editor, 0o666)
        resolve()
      })
    })
  }

  return {
    async stop(): Promise<void> {
      clearInterval(beats)
      server.close()
      server.closeAllConnections()
      await red.stop()
    },
  }
}

/** The last to get the processor was asked for by who started this; the first to be ended when memory is short is said here. */
function lowerOwnClaim(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000')
  } catch {
    // A system without it: nothing is lost.
  }
}

const readMissing = (payload: { [member: string]: unknown }): string[] => {
  const types = (payload as { missingTypes?: unknown[]; types?: unknown[] }).missingTypes ?? payload.types ?? []
  return (Array.isArray(types) ? types : []).map((one) =>
    typeof one === 'string' ? one : String((one as { type: string }).type),
  )
}
