import { createHold, patienceMs } from './hold.js'
import { createHubJournal } from './hub-journal.js'
import { Problem, showProblem, showState } from './node-words.js'
import { register } from './on-input.js'

const usualSeconds = 5

/**
 * Only where PostgreSQL's driver is: at the regency. A village's box has none, and the type is then not offered.
 * @param {import('./red.d.ts').Red} RED
 */
export default async function balaiHubEntries(RED) {
  const pg = RED.settings.balaiHub?.pg ?? (await import('pg').catch(() => null))
  if (!pg)
    throw new Error('balai hub entries: no module "pg" here; npm install pg beside Node-RED, at the regency only')
  const { Pool } = 'default' in pg && pg.default ? pg.default : pg

  register(RED, 'balai hub entries', start, { credentials: { database: { type: 'password' } } })

  /** @param {import('./red.d.ts').RedNode} node @param {import('./red.d.ts').Config} config */
  function start(node, config) {
    const address = node.credentials?.database || RED.settings.balaiHub?.database
    if (!address) return node.error(showProblem(RED, node, new Problem('no-database')))
    const village = String(config.village ?? '').trim()
    if (village && !/^\d{10}$/.test(village))
      return node.error(showProblem(RED, node, new Problem('bad-village', { said: village })))

    const pool = new Pool({
      connectionString: address,
      max: 1,
      connectionTimeoutMillis: 10_000,
      statement_timeout: 60_000,
    })
    pool.on('error', (error) => void showProblem(RED, node, error))
    const types = String(config.types ?? '')
      .split(/[\s,]+/)
      .filter(Boolean)
    const journal = createHubJournal(pool, { reader: node.id, types, village })
    const held = createHold()
    Object.assign(node, { entryDone: held.release })
    let [begun, stopped, count] = [false, false, 0]
    /** @type {NodeJS.Timeout | undefined} */
    let timer

    /** @param {import('./hub-journal.js').HubEntry} entry */
    const visit = async (entry) => {
      if (stopped) return false
      count += 1
      const patience = config.wait ? held.until(count, patienceMs) : null
      node.send({
        topic: entry.type,
        payload: entry.data,
        village: entry.village,
        entry,
        balai: { reader: node.id, n: count },
      })
      showState(RED, node, 'good', patience ? 'waits' : 'entry', { type: entry.type })
      if (patience && !(await patience)) showState(RED, node, 'attention', 'not-done', { type: entry.type })
      return true
    }
    const look = async () => {
      try {
        if (!begun) await journal.begin(config.start === 'beginning' ? 'beginning' : 'now')
        if (!begun) showState(RED, node, 'good', 'connected')
        begun = true
        while (!stopped && (await journal.readOn(visit)));
      } catch (error) {
        if (!stopped) showProblem(RED, node, error)
      }
      if (!stopped) timer = setTimeout(lookAgain, Math.max(1, Number(config.every) || usualSeconds) * 1_000)
    }
    const lookAgain = () => {
      looking = look()
    }
    /** @type {Promise<void>} */
    let looking = look()

    node.on('close', (_removed, done) => {
      stopped = true
      clearTimeout(timer)
      held.release()
      void looking.then(() => pool.end()).then(() => done())
    })
  }
}
