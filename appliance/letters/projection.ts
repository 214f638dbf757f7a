import type { Projection } from '../base/journal/folding.ts'
import type { Db } from '../base/store/store.ts'
import type { letterEvents } from './events.ts'

/** The only code that writes letters, numbers and settings. What names somebody stays in the entries. */
export function createLettersProjection(db: Db): Projection<typeof letterEvents> {
  const upsertSettings = db.prepare(`
    INSERT INTO letter_settings (one, settings) VALUES (1, @settings)
    ON CONFLICT (one) DO UPDATE SET settings = excluded.settings`)
  const insertLetter = db.prepare(`
    INSERT INTO letter (letter, requested_row, template, resident, ticket, signatory, requested_at, requested_by, state)
    VALUES (@letter, @row, @template, @resident, @ticket, @signatory, @at, @actor, 'waiting')`)
  const decide = db.prepare(`
    UPDATE letter
    SET state = @state, decided_row = @row, decided_at = @at, decided_by = @actor
    WHERE letter = @letter`)
  const markIssued = db.prepare('UPDATE letter SET issued_row = @row WHERE letter = @letter')
  const markCollected = db.prepare(
    'UPDATE letter SET collected_at = @at, collected_village = @village WHERE letter = @letter',
  )
  const insertNumber = db.prepare(`
    INSERT INTO letter_number
      (entry_row, series, year, number, written, classification, on_day, title, letter, code, at, clock, actor)
    VALUES
      (@row, @series, @year, @number, @written, @classification, @on, @title, @letter, @code, @at, @clock, @actor)`)
  const noLetter = { written: null, classification: null, on: null, title: null, letter: null, code: null }

  return {
    'letters.settings-changed': (_tx, { data }) => {
      upsertSettings.run({ settings: JSON.stringify(data.settings) })
    },
    'letters.requested': (_tx, { row, at, actor, data }) => {
      insertLetter.run({ ...data, row, at, actor })
    },
    'letters.reviewed': (_tx, { row, at, actor, data }) => {
      decide.run({ ...data, state: 'reviewed', row, at, actor })
    },
    'letters.rejected': (_tx, { row, at, actor, data }) => {
      decide.run({ ...data, state: 'rejected', row, at, actor })
    },
    'letters.withdrawn': (_tx, { row, at, actor, data }) => {
      decide.run({ ...data, state: 'withdrawn', row, at, actor })
    },
    'letters.issued': (_tx, { row, at, clock, actor, data }) => {
      decide.run({ letter: data.letter, state: 'issued', row, at, actor })
      markIssued.run({ letter: data.letter, row })
      insertNumber.run({ ...data, row, at, clock, actor })
    },
    'letters.voided': (_tx, { row, at, actor, data }) => {
      decide.run({ ...data, state: 'void', row, at, actor })
    },
    'letters.collected': (_tx, { at, data }) => {
      markCollected.run({ letter: data.letter, at: data.at ?? at, village: data.village ?? null })
    },
    'letters.number-used': (_tx, { row, at, clock, actor, data }) => {
      insertNumber.run({ ...noLetter, ...data, row, at, clock, actor })
    },
    'letters.numbers-confirmed': () => {},
    'letters.last-number-set': (_tx, { row, at, clock, actor, data }) => {
      insertNumber.run({ ...noLetter, ...data, row, at, clock, actor })
    },
  }
}
