import { createHash, randomBytes } from 'node:crypto'
import { AppError } from '../base/errors.ts'
import type { Journal } from '../base/journal/journal.ts'
import { assertRoomToSpare } from '../base/store/disk-space.ts'
import type { Store, Tx } from '../base/store/store.ts'
import { automationEvents } from './events.ts'
import { type FlowNode, parseFlows } from './flow-file.ts'
import type { FlowsView } from './views.ts'

/** One deploy, without its flows. `at`: ms since 1970 UTC. */
export type VersionRow = {
  version: number
  at: number
  author: string
  origin: FlowsView['versions'][number]['origin']
  /** The older version that it repeats; of `regency` the regency's. */
  of: number | null
  bytes: number
  /** Whether it has run for ten minutes. */
  ran: number
}
type Content = { flows: string; credentials: string }
type Saved = Content & { author: string; origin: Exclude<VersionRow['origin'], 'first'>; of?: number }

/** So many are kept; older ones are in the journal by their hash. */
const mostVersions = 60

export type Versions = ReturnType<typeof createVersions>

/** Every version of the office's flows; the newest one is what runs. */
export function createVersions(store: Store, journal: Journal) {
  const { db } = store
  const pen = journal.pen(automationEvents)
  const columns = 'version, saved_at AS at, author, origin, of, length(CAST(flows AS BLOB)) AS bytes, ran'
  const selectAll = db.prepare<[], VersionRow>(`SELECT ${columns} FROM flow_version ORDER BY version DESC`)
  const selectNewest = db.prepare<[], VersionRow>(`SELECT ${columns} FROM flow_version ORDER BY version DESC LIMIT 1`)
  // The newest that ran long enough, and is not what has just failed.
  const selectSound = db.prepare<{ before: number }, VersionRow>(`
    SELECT ${columns} FROM flow_version WHERE ran = 1 AND version < @before ORDER BY version DESC LIMIT 1`)
  const selectContent = db.prepare<{ version: number }, Content>(
    'SELECT flows, credentials FROM flow_version WHERE version = @version',
  )
  const insert = db.prepare(`
    INSERT INTO flow_version (version, saved_at, author, origin, of, flows, credentials, sha256)
    VALUES (@version, @at, @author, @origin, @of, @flows, @credentials, @sha256)`)
  const updateRan = db.prepare('UPDATE flow_version SET ran = 1 WHERE version = @version AND ran = 0')
  // What ran stays as long as something newer has not: there is always a way back.
  const deleteOld = db.prepare(`
    DELETE FROM flow_version
    WHERE version <= @upTo AND version <> (SELECT coalesce(max(version), 0) FROM flow_version WHERE ran = 1)`)
  const selectSetting = db
    .prepare<{ name: string }, string>('SELECT value FROM flow_setting WHERE name = @name')
    .pluck()
  const upsertSetting = db.prepare(`
    INSERT INTO flow_setting (name, value) VALUES (@name, @value)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value`)

  const setting = <T>(name: string, otherwise: T): T => {
    const value = selectSetting.get({ name })
    return value === undefined ? otherwise : (JSON.parse(value) as T)
  }
  const keepSetting = (_tx: Tx, name: string, value: unknown) =>
    upsertSetting.run({ name, value: JSON.stringify(value) })

  function content(version: number): Content {
    const found = selectContent.get({ version })
    if (!found) throw new AppError('not-found', 'flow.no-version', `There is no version ${version} of the flows.`)
    return found
  }

  /** Keeps a version and its entry, and leaves safe mode: the next start runs it. */
  function save({ flows, credentials, author, origin, of }: Saved, key: string | null = null): VersionRow {
    assertRoomToSpare(store.diskSpace())
    const nodes = parseFlows(flows)
    return store.write((tx) => {
      const known = pen.entryByKey(key, 'automation.flows-saved')
      const newest = selectNewest.get()
      if (known && newest) return newest
      const version = (newest?.version ?? 0) + 1
      const sha256 = createHash('sha256').update(flows).digest()
      insert.run({ version, at: tx.now.at, author, origin, of: of ?? null, flows, credentials, sha256 })
      pen.append(tx, {
        type: 'automation.flows-saved',
        actor: author,
        key,
        data: {
          ...{ version, origin, of: of ?? null, nodes: nodes.length },
          ...{ bytes: Buffer.byteLength(flows), sha256: sha256.toString('base64url') },
        },
      })
      keepSetting(tx, 'safe-mode', false)
      if (origin === 'regency') keepSetting(tx, 'regency-version', of ?? null)
      deleteOld.run({ upTo: version - mostVersions })
      return current()
    })
  }

  /** Version 0: a disk that was full at the first start has none yet. */
  const current = (): VersionRow =>
    selectNewest.get() ?? { version: 0, at: 0, author: 'box', origin: 'first', of: null, bytes: 0, ran: 0 }

  return {
    content,
    current,
    save,
    list: (): VersionRow[] => selectAll.all(),
    nodes: (version: number): FlowNode[] => parseFlows(content(version).flows),
    /** The newest older version that has run for ten minutes, or null. */
    soundBefore: (version: number): VersionRow | null => selectSound.get({ before: version }) ?? null,

    /** What a new box begins with: one flow that shows how it is done. */
    begin(flows: string): void {
      if (selectNewest.get()) return
      store.write((tx) => {
        insert.run({
          ...{ version: 1, at: tx.now.at, author: 'box', origin: 'first', of: null },
          ...{ flows, credentials: '{}', sha256: createHash('sha256').update(flows).digest() },
        })
        keepSetting(tx, 'credential-secret', randomBytes(32).toString('base64url'))
      })
    },

    /** An older version counts again, as a new one. Throws `flow.no-version`. */
    goBack(version: number, author: string, key: string | null): VersionRow {
      return save({ ...content(version), author, origin: 'back', of: version }, key)
    },

    noteRan(version: number): void {
      store.write(() => updateRan.run({ version }))
    },

    credentialSecret: (): string => setting('credential-secret', ''),
    /** The regency's version that was taken last; null: none. */
    takenOfRegency: (): number | null => setting('regency-version', null),
    isSafeMode: (): boolean => setting('safe-mode', false),
    beginSafeMode(version: number): void {
      store.write((tx) => {
        keepSetting(tx, 'safe-mode', true)
        pen.append(tx, { type: 'automation.safe-mode-began', actor: 'box', data: { version } })
      })
    },
    /** What a flow has written for the head to pass on; null: nothing yet. `at`: ms since 1970 UTC. */
    summary: (): { text: string; at: number } | null => setting('summary', null),
    keepSummary(text: string): void {
      store.write((tx) => keepSetting(tx, 'summary', { text, at: tx.now.at }))
    },

    /** What Node-RED keeps for itself: palette state and the like. */
    editorSettings: (): Record<string, unknown> => setting('editor', {}),
    keepEditorSettings(value: Record<string, unknown>): void {
      store.write((tx) => keepSetting(tx, 'editor', value))
    },
  }
}
