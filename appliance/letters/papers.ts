import { fillTemplate } from './content.ts'
import type { LetterContent } from './letter-content.ts'
import type { LetterPaper } from './letter-paper.ts'
import type { LetterRoom } from './letters.ts'
import { signatureOf, signingTitle } from './signing.ts'
import type { StoredLetter } from './tables.ts'
import { letterValues, personValues } from './values.ts'

/** What a letter would say if it were issued on `day`; null: what is private of it was erased. */
export function draftContent(
  { pen, templates, issuer, signatory }: Pick<LetterRoom, 'pen' | 'templates' | 'issuer' | 'signatory'>,
  stored: Pick<StoredLetter, 'requestedRow' | 'template' | 'templateHash' | 'signatory'>,
  day: string,
): LetterContent | null {
  const part = pen.partOf(stored.requestedRow, 'letters.requested')
  if (!part) return null
  const template = templates.ofLetter(stored)
  const signs = signatory(stored.signatory)
  const values = letterValues({
    ...{ person: part.person, typed: part.typed, issuer, day, fields: template.fields, family: part.family ?? [] },
    validDays: template.validDays,
    signer: { title: signingTitle(signs, issuer.name), name: signs.name },
  })
  const signature = signatureOf(signs, issuer.name, template, values)
  const family = (part.family ?? []).map((person) => personValues(person, day))
  return { ...fillTemplate(template, values, family), signature, on: day }
}

/** As it is printed: a draft as it would be today. Null: what it said was erased. */
export function paperOf(room: LetterRoom, stored: StoredLetter): LetterPaper | null {
  const { pen, tables, electronic, issuer, settings, today, armsOnPaper } = room
  const { letter, issuedRow, state, signing } = stored
  const content =
    issuedRow === null
      ? draftContent(room, stored, today())
      : (pen.partOf(issuedRow, 'letters.issued')?.content ?? null)
  const numbered = tables.numberOf(letter)
  const { paper, address } = settings()
  return (
    content && {
      ...{ content, issuer, address, paper: content.paper ?? paper, arms: armsOnPaper() },
      written: numbered?.written ?? null,
      code: state === 'issued' ? (numbered?.code ?? null) : null,
      mark: markOf(stored),
      ...(state === 'issued' && signing === 'electronic' && electronic.hasFile(letter) ? { electronic: true } : {}),
    }
  )
}

function markOf({ issuedRow, state }: StoredLetter): LetterPaper['mark'] {
  if (state === 'void' || state === 'unsigned') return state
  return issuedRow === null ? 'draft' : null
}
