import type { SimulatedBox } from './box.ts'
import type { HubTables } from './hub-tables.ts'
import type { Ledger } from './ledger.ts'
import { readPart } from './parts.ts'

type Rest = {
  boxes: readonly SimulatedBox[]
  hub: HubTables
  ledger: Ledger
  excused: ReadonlySet<string>
}

/** Private parts at rest: every way in which they are not as they should be. */
export function findPartFaults(rest: Rest): string[] {
  const { boxes, hub } = rest
  const givenUp = namesGivenUp(rest)
  return [
    ...findLostParts(rest, givenUp),
    ...findWrongParts(rest),
    ...findLeft('the hub', namesErasedAt(hub), keptAt(hub)),
    ...boxes.flatMap((box) => [
      ...findLeft(box.name, namesErasedOn(box), keptOn(box)),
      ...findStranded(box, hub, givenUp),
      ...findUnread(box, rest),
    ]),
  ]
}

/** L: what was noted, and not erased by anybody, is at the hub and opens there into what was noted. */
function findLostParts({ hub, ledger, excused }: Rest, givenUp: ReadonlySet<string>): string[] {
  const select = hub.db.prepare<{ p: string }, { name: string; file: Buffer | null }>(`
    SELECT lower(hex(name)) AS name, file
    FROM entry LEFT JOIN sealed USING (name)
    WHERE entry ->> 'private' = @p`)
  return [...ledger.parts].flatMap(([p, text]) => {
    if (excused.has(`part ${p}`) || ledger.erased.has(p)) return []
    const { name = '', file = null } = select.get({ p: Buffer.from(p, 'hex').toString('base64url') }) ?? {}
    if (!file && givenUp.has(name)) return []
    return file && readPart(file) === text ? [] : [`part: ${p.slice(0, 8)} was noted, and does not open at the hub`]
  })
}

/** Whatever the hub keeps is the part of its entry. */
function findWrongParts({ hub, ledger }: Rest): string[] {
  return hub.db
    .prepare<[], { p: string; file: Buffer }>(
      `SELECT entry ->> 'private' AS p, file FROM sealed LEFT JOIN entry USING (name)`,
    )
    .all()
    .filter(({ p, file }) => p && readPart(file) !== ledger.parts.get(Buffer.from(p, 'base64url').toString('hex')))
    .map(({ p }) => `part: the hub keeps another one for ${p}`)
}

/** What a box still has, and the hub has not heard to be erased, the hub has. */
function findStranded(box: SimulatedBox, hub: HubTables, givenUp: ReadonlySet<string>): string[] {
  const atHub = keptAt(hub)
  const erased = namesErasedAt(hub)
  return box
    .db()
    .prepare<[], string>('SELECT DISTINCT lower(hex(name)) FROM sealed JOIN entry USING (row) JOIN place USING (row)')
    .pluck()
    .all()
    .filter((name) => !atHub.has(name) && !erased.has(name) && !givenUp.has(name))
    .map((name) => `part: that of ${name.slice(0, 8)} is on ${box.name} and not at the hub`)
}

/** The hub asks a box by its name: of two live copies under one name, one has said for both that it has no such part. */
function namesGivenUp({ boxes, hub }: Rest): Set<string> {
  const shared = (box: string) => boxes.filter(({ identity }) => identity.box === box).length > 1
  const { db } = hub
  const rows = db
    .prepare<[], { name: string; box: string }>('SELECT lower(hex(name)) AS name, box FROM lacking_part')
    .all()
  return new Set(rows.filter(({ box }) => shared(box)).map(({ name }) => name))
}

/** F64: what was heard to be erased is gone. */
const findLeft = (where: string, erased: ReadonlySet<string>, kept: ReadonlySet<string>): string[] =>
  [...kept.intersection(erased)].map((name) => `part: ${where} still has the erased one of ${name.slice(0, 8)}`)

/** What a box wrote itself it still reads, unless that was damaged: then it has nothing in clear until it is opened. */
function findUnread(box: SimulatedBox, { ledger }: Rest): string[] {
  return box
    .db()
    .prepare<[], { p: string; private: string | null }>(`
      SELECT lower(hex(p)) AS p, private
      FROM entry JOIN sealed USING (row)
      WHERE written = 'here' AND row NOT IN (SELECT row FROM damaged)`)
    .all()
    .filter(({ p, private: text }) => text !== ledger.parts.get(p) && !(text === null && ledger.damagedParts.has(p)))
    .map(({ p }) => `part: ${box.name} no longer reads its own ${p.slice(0, 8)}`)
}

const namesIn = (texts: readonly string[]): Set<string> =>
  new Set(
    texts.flatMap((text) =>
      (JSON.parse(text) as string[]).map((name) => Buffer.from(name, 'base64url').toString('hex')),
    ),
  )

/** By its entries, and by its table: rows of entries may be lost at the hub, and a restored box no longer have them either. */
const namesErasedAt = ({ db }: HubTables): Set<string> =>
  namesIn(
    db
      .prepare<[], string>(
        `SELECT entry ->> '$.data.names' FROM entry WHERE entry ->> 'type' = 'journal.private-erased'`,
      )
      .pluck()
      .all(),
  ).union(new Set(db.prepare<[], string>('SELECT lower(hex(name)) FROM erased').pluck().all()))

const keptAt = ({ db }: HubTables): Set<string> =>
  new Set(db.prepare<[], string>('SELECT lower(hex(name)) FROM sealed').pluck().all())

/** By the entries that stand in its chains. */
const namesErasedOn = (box: SimulatedBox): Set<string> =>
  namesIn(
    box
      .db()
      .prepare<[], string>(`
        SELECT data ->> 'names'
        FROM entry
        WHERE type = 'journal.private-erased' AND row IN (SELECT row FROM place) AND row NOT IN (SELECT row FROM damaged)`)
      .pluck()
      .all(),
  )

/** Sealed or in clear; of a row that was set aside as damaged, too. */
const keptOn = (box: SimulatedBox): Set<string> =>
  new Set(
    box
      .db()
      .prepare<[], string>(`
        SELECT lower(hex(coalesce(damaged.name, entry.name)))
        FROM entry LEFT JOIN damaged USING (row)
        WHERE private IS NOT NULL OR row IN (SELECT row FROM sealed)`)
      .pluck()
      .all(),
  )
