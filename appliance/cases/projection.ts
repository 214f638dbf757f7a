import type { Projection } from '../base/journal/folding.ts'
import type { Db } from '../base/store/store.ts'
import type { letterEvents } from '../letters/events.ts'
import type { caseEvents } from './events.ts'

type OfLetters = Pick<
  typeof letterEvents,
  | 'letters.rejected'
  | 'letters.withdrawn'
  | 'letters.issued'
  | 'letters.signed'
  | 'letters.voided'
  | 'letters.collected'
>

/** The only code that writes cases. A case follows its letter. */
export function createCasesProjection(db: Db): Projection<typeof caseEvents & OfLetters> {
  const insert = db.prepare(`
    INSERT INTO citizen_case
      (id, ordinal, kind, title, resident, ticket, opened_at, opened_by, papers, within, due_at, template, agency,
        state, state_at, state_row, notice, sender)
    VALUES
      (@case, @row, @kind, @title, @resident, @ticket, @at, @actor, @papers, @within, @due, @template, @agency,
        'open', @at, @row, @notice, @sender)`)
  const changePapers = db.prepare('UPDATE citizen_case SET papers = @papers, due_at = @due WHERE id = @case')
  const setState = db.prepare(
    'UPDATE citizen_case SET state = @state, state_at = @at, state_row = @row, text = @text WHERE id = @case',
  )
  const setLetter = db.prepare('UPDATE citizen_case SET letter = @letter WHERE id = @case')
  const setDue = db.prepare('UPDATE citizen_case SET due_at = @due WHERE id = @case')
  const followLetter = db.prepare(`
    UPDATE citizen_case
    SET state = @state, state_at = @at, state_row = @row, text = NULL
    WHERE letter = @letter AND state IN ('letter', 'returned', 'issued')`)
  const insertPart = db.prepare('INSERT INTO citizen_case_part (id, row) VALUES (@case, @row) ON CONFLICT DO NOTHING')
  const insertPhoto = db.prepare(`
    INSERT INTO citizen_case_photo
      (id, ordinal, case_id, paper, hash, size, width, height, by_phone, taken_at, taken_by)
    VALUES (@photo, @row, @case, @paper, @hash, @bytes, @width, @height, @byPhone, @at, @actor)
    ON CONFLICT DO NOTHING`)
  const deletePhoto = db.prepare('DELETE FROM citizen_case_photo WHERE id = @photo')
  const insertDocument = db.prepare(`
    INSERT INTO citizen_case_document (id, ordinal, case_id, file, size, named_at)
    VALUES (@document, @row, @case, @file, @bytes, @at)
    ON CONFLICT DO NOTHING`)
  const endDocument = db.prepare(
    'UPDATE citizen_case_document SET outcome = @outcome, arrived_at = @at WHERE id = @document',
  )
  const countWrong = db.prepare(`
    INSERT INTO citizen_case_home (letter, wrong) VALUES (@letter, 1)
    ON CONFLICT (letter) DO UPDATE SET wrong = wrong + 1`)
  const setTaken = db.prepare(`
    INSERT INTO citizen_case_home (letter, taken_at) VALUES (@letter, @at)
    ON CONFLICT (letter) DO UPDATE SET taken_at = excluded.taken_at`)
  type OfLetter = { row: number; at: number; data: { letter: string } }
  const follow =
    (state: 'returned' | 'issued' | 'closed') =>
    (_tx: unknown, { row, at, data: { letter } }: OfLetter): void => {
      followLetter.run({ letter, state, at, row })
    }

  return {
    'cases.opened': (_tx, { row, at, actor, data: { papers, within, notice, ...data } }) => {
      const texts = { papers: JSON.stringify(papers), within: within && JSON.stringify(within) }
      insert.run({ ...data, ...texts, notice: notice?.notice ?? null, sender: notice?.from ?? null, row, at, actor })
      insertPart.run({ case: data.case, row })
    },
    'cases.papers-changed': (_tx, { data: { papers, ...data } }) => {
      changePapers.run({ ...data, papers: JSON.stringify(papers) })
    },
    'cases.photo-taken': (_tx, { row, at, actor, data: { byPhone, ...data } }) => {
      insertPhoto.run({ ...data, byPhone: byPhone ? 1 : 0, row, at, actor })
    },
    'cases.photo-removed': (_tx, { data: { photo } }) => {
      deletePhoto.run({ photo })
    },
    'cases.photo-opened': () => {}, // the trail reads it, no page does
    'cases.document-named': (_tx, { row, at, data }) => {
      insertDocument.run({ ...data, row, at })
    },
    'cases.document-arrived': (_tx, { at, data: { document, outcome } }) => {
      endDocument.run({ document, outcome, at })
    },
    'cases.document-opened': () => {},
    'cases.letter-written': (_tx, { row, at, data }) => {
      setLetter.run(data)
      setState.run({ case: data.case, state: 'letter', at, row, text: null })
    },
    'cases.letter-taken-home': (_tx, { at, data: { letter } }) => {
      setTaken.run({ letter, at })
    },
    'cases.letter-refused': (_tx, { data: { letter } }) => {
      countWrong.run({ letter })
    },
    'cases.relayed': (_tx, { row, at, data }) => {
      insertPart.run({ case: data.case, row })
      setDue.run({ case: data.case, due: data.due })
      setState.run({ case: data.case, state: 'relayed', at, row, text: null })
    },
    'cases.answered': (_tx, { row, at, data }) => {
      setState.run({ ...data, at, row })
    },
    'cases.closed': (_tx, { row, at, data }) => {
      setState.run({ ...data, state: 'closed', at, row, text: null })
    },
    'cases.withdrawn': (_tx, { row, at, data }) => {
      insertPart.run({ ...data, row })
      setState.run({ ...data, state: 'withdrawn', at, row, text: null })
    },
    'letters.rejected': follow('returned'),
    'letters.withdrawn': follow('returned'),
    'letters.voided': follow('returned'),
    // One that waits for its electronic signature is not ready yet.
    'letters.issued': (tx, entry) => {
      if (!entry.data.signing) follow('issued')(tx, entry)
    },
    'letters.signed': follow('issued'),
    'letters.collected': follow('closed'),
  }
}
