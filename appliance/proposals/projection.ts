import type { Projection } from '../base/journal/folding.ts'
import type { Db } from '../base/store/store.ts'
import type { proposalEvents } from './events.ts'

/** The only code that writes proposals. What is private of one stays in its entry, and is erased with it. */
export function createProposalsProjection(db: Db): Projection<typeof proposalEvents> {
  const insert = db.prepare(`
    INSERT INTO proposal (proposal, ordinal, kind, resident, on_day, at, actor, papers, state)
    VALUES (@proposal, @ordinal, @kind, @resident, @on, @at, @actor, @papers, 'sent')`)
  const replace = db.prepare(`UPDATE proposal SET state = 'replaced' WHERE proposal = @instead`)
  const withdraw = db.prepare(`UPDATE proposal SET state = 'withdrawn' WHERE proposal = @proposal`)
  const answer = db.prepare(
    'UPDATE proposal SET state = @answer, answered_at = @at, text = @text WHERE proposal = @proposal',
  )
  return {
    'proposals.made': (_tx, { row, at, actor, data }) => {
      const { instead, papers, fields: _fields, ...one } = data
      insert.run({ ...one, ordinal: row, at, actor, papers: JSON.stringify(papers) })
      if (instead) replace.run({ instead })
    },
    'proposals.withdrawn': (_tx, { data }) => {
      withdraw.run(data)
    },
    'proposals.answered': (_tx, { at, data }) => {
      answer.run({ proposal: data.proposal, answer: data.answer, at, text: data.text ?? null })
    },
  }
}
