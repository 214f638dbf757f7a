import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTokens } from '../../appliance/automation/tokens.ts'
import { listenLink } from '../../appliance/base/web/link-socket.ts'
import { by, furnish, openTestBox } from '../../testing/test-box.ts'
import type { Devices } from '../nodes/red.d.ts'
import { type FlowNode, readFlow, startNodeRed } from './node-red.ts'

/* A furnished office with a clerk at each counter, and a Node-RED that is handed the box's socket as on a Pi. */

/** `shutLink` and `openLink`: what a restart of the box is to a flow. */
export async function openOfficeWithFlows(devices: Devices = {}) {
  const box = await openTestBox()
  const office = await furnish(box)
  for (const [index, clerk] of office.clerks.entries())
    box.office.sit({ counter: office.counters[index] ?? '', ...by(clerk) })
  const token = createTokens(box.store, box.journal).make({
    ...{ name: 'Uji', scopes: ['read', 'act'] },
    ...{ actor: office.technician, key: null },
  })
  const folder = mkdtempSync(join(tmpdir(), 'link-'))
  const socketPath = join(folder, 'link.sock')
  const openLink = () => listenLink(box.app, socketPath, '/api/flows/')
  let shut = await openLink()
  const red = await startNodeRed({ balai: { socketPath, token }, balaiDevices: devices })
  return {
    ...{ box, red, office, token, socketPath },
    take: (service = 0): { ticket: string; label: string } =>
      box.queue.takeTicket({ service: office.services[service] ?? '', ...by('kiosk:1') }),
    next: (counter = 0) =>
      box.queue.callNext({ counter: office.counters[counter] ?? '', ...by(office.clerks[counter] ?? '') }),
    shutLink: () => shut(),
    openLink: async () => {
      shut = await openLink()
    },
    /** Entries of the journal of this type, oldest first. */
    entries: (type: string) =>
      box.store.db
        .prepare<{ type: string }, { actor: string; data: string }>(
          'SELECT actor, data FROM entry WHERE type = @type ORDER BY row',
        )
        .all({ type })
        .map(({ actor, data }) => ({ actor, data: JSON.parse(data) as Record<string, unknown> })),
    async close(): Promise<void> {
      await red.stop()
      await shut()
      await box.remove()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type OfficeWithFlows = Awaited<ReturnType<typeof openOfficeWithFlows>>

export const thisBox = { id: 'box', type: 'balai-box', name: '', where: 'here' }

/** A shipped flow; `change` sets what a technician would at this office. */
export const shipped = (file: string, change: Record<string, object> = {}): FlowNode[] =>
  readFlow(`flows/${file}.json`).map((node) => ({ ...node, ...change[node.id] }))
