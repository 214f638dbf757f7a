import type { Projection } from '../base/journal/folding.ts'
import type { Db } from '../base/store/store.ts'
import type { letterEvents } from './events.ts'

/** The only code that writes letters, numbers, templates and settings. What names somebody stays in the entries. */
export function createLettersProjection(db: Db): Projection<typeof letterEvents> {
  const upsertSettings = db.prepare(`
    INSERT INTO letter_settings (one, settings) VALUES (1, @settings)
    ON CONFLICT (one) DO UPDATE SET settings = excluded.settings`)
  const insertLetter = db.prepare(`
    INSERT INTO letter (letter, requested_row, template, template_hash, resident, ticket, signatory, requested_at, requested_by, state)
    VALUES (@letter, @row, @template, @version, @resident, @ticket, @signatory, @at, @actor, 'waiting')`)
  const decide = db.prepare(`
    UPDATE letter
    SET state = @state, decided_row = @row, decided_at = @at, decided_by = @actor
    WHERE letter = @letter`)
  const markIssued = db.prepare('UPDATE letter SET issued_row = @row, signing = @signing WHERE letter = @letter')
  const markSigned = db.prepare('UPDATE letter SET signing = @how WHERE letter = @letter')
  const setCode = db.prepare('UPDATE letter_number SET code = @code WHERE letter = @letter')
  const markCollected = db.prepare(
    'UPDATE letter SET collected_at = @at, collected_village = @village WHERE letter = @letter',
  )
  const insertNumber = db.prepare(`
    INSERT INTO letter_number
      (entry_row, series, year, number, written, classification, on_day, title, letter, code, at, clock, actor)
    VALUES
      (@row, @series, @year, @number, @written, @classification, @on, @title, @letter, @code, @at, @clock, @actor)`)
  const insertChange = db.prepare(`
    INSERT INTO letter_template_change (entry_row, code, what, hash, base, text, at, actor)
    VALUES (@row, @code, @what, @hash, @base, @text, @at, @actor)`)
  const upsertOwn = db.prepare(`
    INSERT INTO letter_template (code, own_row, used) VALUES (@code, @row, 1)
    ON CONFLICT (code) DO UPDATE SET own_row = excluded.own_row`)
  const upsertUsed = db.prepare(`
    INSERT INTO letter_template (code, own_row, used) VALUES (@code, NULL, @used)
    ON CONFLICT (code) DO UPDATE SET used = excluded.used`)
  const upsertArms = db.prepare(`
    INSERT INTO letter_arms (one, hash, at, actor) VALUES (1, @hash, @at, @actor)
    ON CONFLICT (one) DO UPDATE SET hash = excluded.hash, at = excluded.at, actor = excluded.actor`)
  const deleteArms = db.prepare('DELETE FROM letter_arms')
  const insertSent = db.prepare(`
    INSERT INTO letter_sent (entry_row, series, year, number, on_day, at, actor)
    VALUES (@row, @series, @year, @number, @on, @at, @actor)`)
  const upsertElectronic = db.prepare(`
    INSERT INTO letter_electronic (one, address, signers) VALUES (1, @address, @signers)
    ON CONFLICT (one) DO UPDATE SET address = excluded.address, signers = excluded.signers`)
  const nothingSaved = { hash: null, base: null, text: null }
  const noLetter = { written: null, classification: null, on: null, title: null, letter: null, code: null }

  return {
    'letters.settings-changed': (_tx, { data }) => {
      upsertSettings.run({ settings: JSON.stringify(data.settings) })
    },
    'letters.template-saved': (_tx, { row, at, actor, data }) => {
      insertChange.run({ ...data, what: 'saved', row, at, actor })
      upsertOwn.run({ code: data.code, row })
    },
    'letters.template-dropped': (_tx, { row, at, actor, data }) => {
      insertChange.run({ ...nothingSaved, ...data, what: 'dropped', row, at, actor })
      upsertOwn.run({ code: data.code, row: null })
    },
    'letters.template-used': (_tx, { row, at, actor, data: { code, used } }) => {
      insertChange.run({ ...nothingSaved, code, what: used ? 'on' : 'off', row, at, actor })
      upsertUsed.run({ code, used: used ? 1 : 0 })
    },
    'letters.arms-set': (_tx, { at, actor, data: { hash } }) => {
      upsertArms.run({ hash, at, actor })
    },
    'letters.arms-removed': () => {
      deleteArms.run()
    },
    'letters.electronic-set': (_tx, { data: { address, signers } }) => {
      upsertElectronic.run({ address, signers: JSON.stringify(signers) })
    },
    'letters.requested': (_tx, { row, at, actor, data }) => {
      insertLetter.run({ version: null, ...data, row, at, actor })
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
    'letters.issued': (_tx, { row, at, clock, actor, data: { signing, ...data } }) => {
      decide.run({ letter: data.letter, state: 'issued', row, at, actor })
      markIssued.run({ letter: data.letter, row, signing: signing ? 'waits' : null })
      insertNumber.run({ ...data, row, at, clock, actor })
    },
    'letters.signed': (_tx, { data: { letter, how, code } }) => {
      markSigned.run({ letter, how })
      setCode.run({ letter, code })
    },
    'letters.voided': (_tx, { row, at, actor, data }) => {
      decide.run({ ...data, state: 'void', row, at, actor })
    },
    'letters.collected': (_tx, { at, data }) => {
      markCollected.run({ letter: data.letter, at: data.at ?? at, village: data.village ?? null })
    },
    'letters.sent': (_tx, { row, at, actor, data }) => {
      insertSent.run({ ...data, row, at, actor })
    },
    'letters.form-filled': () => {},
    'letters.number-used': (_tx, { row, at, clock, actor, data }) => {
      insertNumber.run({ ...noLetter, ...data, row, at, clock, actor })
    },
    'letters.numbers-confirmed': () => {},
    'letters.last-number-set': (_tx, { row, at, clock, actor, data }) => {
      insertNumber.run({ ...noLetter, ...data, row, at, clock, actor })
    },
  }
}
