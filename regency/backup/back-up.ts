import { spawn } from 'node:child_process'
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { pino } from 'pino'
import { AppError } from '../../appliance/base/errors.ts'
import { syncFolder, writeWhole } from '../../appliance/base/store/whole-file.ts'
import { type Database, openDatabase, sqlState } from '../base/database.ts'
import { withDatabase } from '../base/with-database.ts'
import { type HeldEpoch, readHeld, verifyVillages } from '../delivery/verify-villages.ts'

export type Backup = { path: string; bytes: number; villages: number; entries: number; removed: number }

type Options = {
  /** Of the hub's PostgreSQL. */
  url: string
  /** Where dumps are kept; made if it is not there. */
  folder: string
  /** So many of them. */
  keep: number
  /** The file that says to the hub that there is a good one; null: none. */
  stamp: string | null
  /** Ms since 1970 UTC. */
  now: number
  onStep?: (step: string) => void
}

/** The order is that of a number which rises with each dump of a folder: a server's clock may say anything. Older ones have none. */
const dumpName = /^balai-(?:(\d{6,})-)?\d{8}T\d{6}Z\.dump$/
const unsoundName = 'balai-unsound.dump'

/**
 * Dumps the hub's database, restores the dump into a database beside it, and computes every village's chain there. Only then
 * the dump gets its name, older ones beyond `keep` go, and the stamp is touched. Throws AppError `hub.backup-failed` with what
 * failed; the stamp is then as it was, and a dump that was made and is not sound lies beside the others as
 * balai-unsound.dump.
 */
export async function backUp({ url, folder, keep, stamp, now, onStep = () => {} }: Options): Promise<Backup> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const number = String((listDumps(folder).at(-1)?.number ?? 0) + 1).padStart(6, '0')
  const date = `${new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
  const target = join(folder, `balai-${number}-${date}.dump`)
  const fresh = join(folder, 'balai-new.dump')
  rmSync(fresh, { force: true }) // of a run that was cut short
  const before = await withDatabase(url, readHeld)
  onStep(`dumping into ${target}`)
  try {
    await run('pg_dump', ['--format=custom', '--file', fresh, '--dbname', withoutPassword(url)], url)
  } catch (error) {
    rmSync(fresh, { force: true })
    throw error
  }
  sync(fresh)
  let proven: Awaited<ReturnType<typeof prove>>
  try {
    proven = await prove(url, fresh, before, onStep)
  } catch (error) {
    renameSync(fresh, join(folder, unsoundName))
    throw error
  }
  renameSync(fresh, target)
  rmSync(join(folder, unsoundName), { force: true })
  syncFolder(folder)
  const old = listDumps(folder).slice(0, -keep)
  for (const { name } of old) rmSync(join(folder, name))
  if (stamp !== null) writeWhole(stamp, `${target}\n`, { mode: 0o644 })
  return { path: target, bytes: statSync(target).size, ...proven, removed: old.length }
}

/** The dumps of a folder, the one made last at the end. */
function listDumps(folder: string): { name: string; number: number }[] {
  return readdirSync(folder)
    .flatMap((name) => {
      const [whole, number = '0'] = dumpName.exec(name) ?? []
      return whole === undefined ? [] : [{ name, number: Number(number) }]
    })
    .sort((a, b) => a.number - b.number || (a.name < b.name ? -1 : 1))
}

/** What a restored copy holds; throws where it is not whole. */
async function prove(url: string, dump: string, before: readonly HeldEpoch[], onStep: (step: string) => void) {
  const { database: name } = new pg.Client({ connectionString: url })
  const copy = `${name}_backup_check`
  await inDatabase(url, async (database) => {
    await database.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(copy)} WITH (FORCE)`)
    await database.query(`CREATE DATABASE ${pg.escapeIdentifier(copy)} TEMPLATE template0`).catch((error) => {
      if (sqlState(error) !== '42501') throw error
      throw failed(
        `The dump cannot be tried: the hub's PostgreSQL user may make no database. Type: sudo -u postgres psql --command 'ALTER ROLE ${roleOf(url)} CREATEDB'`,
      )
    })
  })
  const copyUrl = withName(url, copy)
  try {
    onStep(`restoring it into ${copy}`)
    const restoring = ['--exit-on-error', '--no-owner', '--no-privileges', '--dbname', withoutPassword(copyUrl), dump]
    await run('pg_restore', restoring, copyUrl)
    onStep('computing every village’s chain')
    return await inDatabase(copyUrl, async (database) => {
      await database.withClient(async (client) => {
        await client.query('SET statement_timeout = 0')
        await client.query({ text: 'ANALYZE', ...patient })
      })
      const after = new Map((await readHeld(database)).map((one) => [`${one.village} ${one.epoch}`, one.seq]))
      const less = before.find(({ village, epoch, seq }) => (after.get(`${village} ${epoch}`) ?? -1) < seq)
      if (less) throw failed(`The dump lacks entries of ${less.village} that the hub held before it was made.`)
      const { broken, ...counts } = await verifyVillages(database)
      const [first] = broken
      if (first) {
        const what = first.reason === 'missing' ? 'is missing' : 'is not what was written'
        const more = broken.length > 1 ? `, and ${broken.length - 1} more chains are broken` : ''
        throw failed(
          `The restored dump is not sound: entry ${first.seq} in epoch ${first.epoch} of ${first.village} ${what}${more}.`,
        )
      }
      return counts
    })
  } finally {
    // What cannot be dropped now is by the next run; what failed before this is what is told.
    await inDatabase(url, (database) =>
      database.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(copy)} WITH (FORCE)`),
    ).catch(() => {})
  }
}

/** Statistics of a copy that was filled a moment ago: without them every chain reads whole tables. */
const patient = { query_timeout: 3_600_000 }
const failed = (message: string) => new AppError('unavailable', 'hub.backup-failed', message)

/** Without bringing a schema up to date: what was dumped is what is looked at. */
async function inDatabase<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase({ url, connections: 1, log: pino({ level: 'silent' }) })
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

/** A program of PostgreSQL's; its password goes by the environment, where other users of the machine do not see it. */
function run(program: string, args: readonly string[], url: string): Promise<void> {
  const password = passwordOf(url)
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...(password === null ? {} : { PGPASSWORD: password }) },
    })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-2_000)
    })
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        failed(
          error.code === 'ENOENT'
            ? `${program} is not installed: apt-get install postgresql-client`
            : `${program} cannot be started: ${error.message}`,
        ),
      ),
    )
    child.once('close', (code) => {
      if (code === 0) return resolve()
      const line =
        said
          .trim()
          .split('\n')
          .find((one) => /error|fatal/i.test(one)) ?? said.trim().split('\n').at(-1)
      reject(failed(line || `${program} ended with ${code}.`))
    })
  })
}

/** postgres://user:password@host/name?…: what stands before the password, it, and what stands behind. */
const parts = /^(postgres(?:ql)?:\/\/[^:@/?]*)(?::([^@/?]*))?(@[^/?]*|[^@/?]*)(?:\/([^?]*))?(\?.*)?$/

function partsOf(url: string) {
  const [, start = '', password, host = '', name = '', query = ''] = parts.exec(url) ?? []
  return { start, password, host, name, query }
}

const passwordOf = (url: string): string | null => {
  const { password } = partsOf(url)
  return password === undefined ? null : decodeURIComponent(password)
}

function withoutPassword(url: string): string {
  const { start, host, name, query } = partsOf(url)
  return `${start}${host}/${name}${query}`
}

function withName(url: string, database: string): string {
  const { start, password, host, query } = partsOf(url)
  return `${start}${password === undefined ? '' : `:${password}`}${host}/${encodeURIComponent(database)}${query}`
}

const roleOf = (url: string): string => new pg.Client({ connectionString: url }).user ?? 'balai'

function sync(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
