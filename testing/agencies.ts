import { isDeepStrictEqual } from 'node:util'
import { vi } from 'vitest'
import { agency } from '../appliance/cli/agency.ts'
import { runHubAction } from '../appliance/cli/hub-actions.ts'
import type { DatasetOf } from '../appliance/wire/datasets.ts'
import { publish, readNewestVersion } from '../regency/datasets/publishing.ts'
import type { Hub } from '../regency/hub.ts'
import { openBrowser } from './browser.ts'
import type { HubAndBoxes } from './hub-and-boxes.ts'
import { until } from './hub-parts.ts'
import type { TestBox } from './test-box.ts'

/* What agencies and hospitals do at a hub, as they do it. For tests only. */

/** Who publishes here. */
export const rina = { account: null, actor: 'command line (rina)' }

/** `balai agency` as its user types it: what it prints, and its exit code. */
export async function typeAgency(...args: string[]) {
  const out: string[] = []
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out.push(String(text))
    return true
  })
  const quiet = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  try {
    return { code: await agency.run(args), out: out.join('') }
  } finally {
    write.mockRestore()
    quiet.mockRestore()
  }
}

/** `balai hub agency …` and `balai hub cases …` at this hub as Rina types them: what they print. */
export const typeAtHub =
  ({ config }: Hub) =>
  (action: 'agency' | 'cases', ...words: string[]): Promise<string> =>
    runHubAction(action, words, config, { drop: 0, by: rina })

/** The agencies' page of this hub in a browser of its own; `faults`: what it threw. */
export async function openAgencyPage(place: Pick<HubAndBoxes, 'onClose'>, hub: Hub) {
  const browser = await openBrowser()
  place.onClose(() => browser.close())
  const context = await browser.newContext({ bypassCSP: true, viewport: { width: 1366, height: 768 } })
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  await page.goto(`http://127.0.0.1:${hub.http.port}/agency`)
  return { page, faults }
}

/** The dataset `agencies`, published and come to this box. */
export async function publishAgencies(
  place: Pick<HubAndBoxes, 'database'>,
  hub: Hub,
  box: Pick<TestBox, 'datasets'>,
  agencies: DatasetOf<'agencies'>['agencies'],
): Promise<void> {
  await place.database.inTransaction(async (client) =>
    publish(
      client,
      {
        ...{
          dataset: 'agencies',
          places: 'all' as const,
          stage: 'all' as const,
          expected: await readNewestVersion(client, 'agencies'),
          note: '',
        },
        ...{ content: { agencies }, now: Date.now() },
      },
      rina,
    ),
  )
  await hub.lookAtOffers()
  await until(() => isDeepStrictEqual(box.datasets.read('agencies')?.agencies, agencies))
}

/** Asks the hub as an agency's own program does, with its token. */
export const askAsAgency =
  (hub: Hub) =>
  async <Answer = Record<string, string>>(token: string, path: string, body?: object) => {
    const answer = await fetch(`http://127.0.0.1:${hub.http.port}/api/agency/${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${token}`, 'x-balai': '1', 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    return { status: answer.status, body: (await answer.json()) as Answer }
  }

/** An application whose papers are all there, with photos of some, on its way to its agency; answers its id. */
export async function applyWithPhotos(
  { cases }: Pick<TestBox, 'cases'>,
  { kind, resident, actor }: { kind: string; resident: string; actor: string },
  photos: readonly Buffer[],
): Promise<string> {
  const names = cases.kinds(actor).find(({ code }) => code === kind)?.papers ?? []
  const papers = names.map((name) => ({ name, state: 'seen' as const, until: null }))
  const id = await cases.open({ kind, resident, papers, actor, key: null })
  for (const bytes of photos) cases.photos.take({ case: id, paper: null, bytes, replaces: null, actor, key: null })
  await cases.relay({ case: id, note: '', actor, key: null })
  return id
}
