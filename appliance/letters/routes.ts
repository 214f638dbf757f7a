import { Type } from 'typebox'
import { AppError } from '../base/errors.ts'
import type { Catalogues } from '../base/messages/catalogues.ts'
import type { PdfPress } from '../base/pdf/press.ts'
import { sheets } from '../base/pdf/sheets.ts'
import { closed, Id, Key, Language } from '../base/schemas.ts'
import { personOf } from '../base/web/callers.ts'
import { fillKeptCheck, keptCheckName } from '../base/web/kept-check.ts'
import type { Live } from '../base/web/live.ts'
import { liveRoute } from '../base/web/live-route.ts'
import type { Office } from '../base/web/office-view.ts'
import { type App, refused } from '../base/web/server.ts'
import type { Documents } from '../print/documents.ts'
import { DocumentOutcome } from '../print/views.ts'
import type { LetterPaper, LetterTask } from './letter-paper.ts'
import type { LetterRole, Letters } from './letters.ts'
import type { RegisterTask } from './register-paper.ts'
import { registerSheet } from './register-sheet.ts'
import { LetterSettings } from './settings.ts'
import {
  CheckedLetter,
  LetterOfResident,
  LetterRequest,
  LetterSettingsView,
  LetterTemplates,
  RegisterView,
} from './views.ts'

const writers = ['clerk', 'secretary', 'head'] as const
const keepers = ['secretary', 'head'] as const
const done = { 200: Type.Object({}), ...refused }
const OfLetter = Type.Object({ letter: Id }, closed)
const Once = Type.Object({ key: Key }, closed)
const Reason = Type.Object({ reason: Type.String({ maxLength: 300 }), key: Key }, closed)
const Written = { 200: Type.Object({ written: Type.String() }), ...refused }
const Series = Type.String({ pattern: '^(letters|mail|all|\\d[\\d.]{1,19})$' })
const Year = Type.Integer({ minimum: 2000, maximum: 2200 })

type Parts = {
  letters: Letters
  documents: Pick<Documents, 'print'>
  press: PdfPress
  live: Live
  catalogues: Catalogues
  office: () => Office
  /** Its name for letterheads; null: the box has none. */
  regency: string | null
}

/** Letters: from the page of residents, where they begin, and from their own. */
export function letterRoutes(app: App, { letters, documents, press, live, catalogues, office, regency }: Parts): void {
  const changed = () => live.changed(['letters'])
  /** As it is printed, with the trace that this leaves. */
  const readPaper = (of: { letter: string }, actor: string): LetterPaper => {
    const letter = letters.paper(of.letter, actor)
    if (!letter) throw new AppError('not-found', 'letters.erased', 'What it said has been erased.')
    return letter
  }

  liveRoute(app, live, 'letters', { mayCall: writers }, () => ({ name: 'letters', compute: letters.view }))

  app.get(
    '/api/residents/:resident/letters',
    {
      schema: {
        summary: 'Letters of this resident, the newest first; once the record is open',
        params: Type.Object({ resident: Id }, closed),
        response: { 200: Type.Object({ letters: Type.Array(LetterOfResident) }), ...refused },
      },
      config: { mayCall: writers },
    },
    async (request) => ({ letters: letters.ofResident(request.params.resident, personOf(request).actor) }),
  )

  app.get(
    '/api/letters/templates',
    {
      schema: { summary: 'What can be written, the usual first', response: { 200: LetterTemplates, ...refused } },
      config: { mayCall: writers },
    },
    async () => letters.templates(),
  )

  app.post(
    '/api/letters',
    {
      schema: {
        summary: 'Fill in a letter for the resident whose record is open; it waits for approval',
        body: LetterRequest,
        response: { 200: Type.Object({ letter: Id }), ...refused },
      },
      config: { mayCall: writers },
    },
    async (request) => {
      const letter = await letters.request({ ...request.body, actor: personOf(request).actor })
      changed()
      return { letter }
    },
  )

  app.post(
    '/api/letters/:letter/review',
    {
      schema: { summary: 'The secretary has seen it', params: OfLetter, body: Once, response: done },
      config: { mayCall: keepers },
    },
    async (request) => {
      letters.review({ ...request.params, ...request.body, actor: personOf(request).actor })
      changed()
      return {}
    },
  )

  app.post(
    '/api/letters/:letter/issue',
    {
      schema: {
        summary: 'Approve a letter, which gives it number, date and signature',
        ...{ params: OfLetter, body: Once, response: Written },
      },
      config: { mayCall: writers },
    },
    async (request) => {
      const { actor, kind } = personOf(request)
      const written = await letters.issue({ ...request.params, ...request.body, actor, as: kind as LetterRole })
      changed()
      return { written }
    },
  )

  app.post(
    '/api/letters/:letter/reject',
    {
      schema: { summary: 'Send a letter back, with a reason', params: OfLetter, body: Reason, response: done },
      config: { mayCall: keepers },
    },
    async (request) => {
      await letters.reject({ ...request.params, ...request.body, actor: personOf(request).actor })
      changed()
      return {}
    },
  )

  app.post(
    '/api/letters/:letter/withdraw',
    {
      schema: { summary: 'Take a letter back that has no number', params: OfLetter, body: Once, response: done },
      config: { mayCall: writers },
    },
    async (request) => {
      letters.withdraw({ ...request.params, ...request.body, actor: personOf(request).actor })
      changed()
      return {}
    },
  )

  app.post(
    '/api/letters/:letter/void',
    {
      schema: {
        summary: 'A letter counts no more; its number keeps its place, with the reason',
        ...{ params: OfLetter, body: Reason, response: done },
      },
      config: { mayCall: keepers },
    },
    async (request) => {
      await letters.makeVoid({ ...request.params, ...request.body, actor: personOf(request).actor })
      changed()
      return {}
    },
  )

  app.post(
    '/api/letters/:letter/collect',
    {
      schema: { summary: 'The citizen has it', params: OfLetter, body: Once, response: done },
      config: { mayCall: writers },
    },
    async (request) => {
      letters.collect({ ...request.params, ...request.body, actor: personOf(request).actor })
      changed()
      return {}
    },
  )

  app.get(
    '/api/letters/:letter/letter.pdf',
    {
      schema: { summary: 'The letter as it is printed; a draft says that it is one', params: OfLetter },
      config: { mayCall: writers },
    },
    async (request, reply) => {
      const letter = readPaper(request.params, personOf(request).actor)
      const task: LetterTask & { language: string } = { letter, language: 'id' }
      return reply
        .type('application/pdf')
        .header('content-disposition', 'inline; filename="surat.pdf"')
        .send(letters.signedFile(request.params.letter) ?? (await press.print(task)))
    },
  )

  app.post(
    '/api/letters/:letter/print',
    {
      schema: {
        summary: 'Print the letter on the office’s printer of documents',
        ...{ params: OfLetter, body: Once, response: { 200: DocumentOutcome, ...refused } },
      },
      config: { mayCall: writers },
    },
    async (request) => {
      const letter = readPaper(request.params, personOf(request).actor)
      const task: LetterTask & { language: string } = { letter, language: 'id' }
      return documents.print({
        pdf: async () => letters.signedFile(request.params.letter) ?? (await press.print(task)),
        ...{ sheet: sheets[letter.paper] },
        key: `${request.params.letter} ${request.body.key}`,
      })
    },
  )

  app.get(
    '/api/letters/register',
    {
      schema: {
        summary: 'The register of a year, the newest number first; `before`: those before this row',
        querystring: Type.Object(
          { year: Type.Optional(Year), before: Type.Optional(Type.Integer({ minimum: 1 })) },
          closed,
        ),
        response: { 200: RegisterView, ...refused },
      },
      config: { mayCall: writers },
    },
    async ({ query: { year = null, before = null } }) => letters.register({ year, before }),
  )

  app.get(
    '/api/letters/register.csv',
    {
      schema: {
        summary: 'The register of a year as a sheet, the oldest number first',
        querystring: Type.Object({ year: Year, language: Type.Optional(Language) }, closed),
      },
      config: { mayCall: keepers },
    },
    async ({ query: { year, language = 'id' } }, reply) =>
      reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="agenda-surat-${year}.csv"`)
        .send(registerSheet(letters.registerOfYear(year), catalogues.speak(language))),
  )

  app.get(
    '/api/letters/register.pdf',
    {
      schema: {
        summary: 'The register of a year on paper, the oldest number first',
        querystring: Type.Object({ year: Year, language: Type.Optional(Language) }, closed),
      },
      config: { mayCall: keepers },
    },
    async ({ query: { year, language = 'id' } }, reply) => {
      const task: RegisterTask & { language: string } = {
        ...{ register: letters.registerOfYear(year), year, office: office(), regency, language },
      }
      return reply
        .type('application/pdf')
        .header('content-disposition', `attachment; filename="agenda-surat-${year}.pdf"`)
        .send(await press.print(task))
    },
  )

  app.post(
    '/api/letters/numbers',
    {
      schema: {
        summary: 'Take a number for mail that is written elsewhere',
        body: Type.Object(
          {
            classification: Type.String({ pattern: '^\\d[\\d.]{1,19}$' }),
            subject: Type.String({ maxLength: 200 }),
            to: Type.String({ maxLength: 100 }),
            key: Key,
          },
          closed,
        ),
        response: Written,
      },
      config: { mayCall: writers },
    },
    async (request) => {
      const written = await letters.useNumber({ ...request.body, actor: personOf(request).actor })
      changed()
      return { written }
    },
  )

  app.get(
    '/api/letters/settings',
    {
      schema: { summary: 'How this office writes its letters', response: { 200: LetterSettingsView, ...refused } },
      config: { mayCall: keepers },
    },
    async () => letters.settingsView(),
  )

  app.post(
    '/api/letters/settings',
    {
      schema: {
        summary: 'Change how letters are numbered, approved and signed; whole',
        ...{ body: Type.Object({ settings: LetterSettings, key: Key }, closed), response: done },
      },
      config: { mayCall: keepers },
    },
    async (request) => {
      letters.changeSettings({ ...request.body, actor: personOf(request).actor })
      changed()
      return {}
    },
  )

  app.post(
    '/api/letters/last-number',
    {
      schema: {
        summary: 'The last number of a row that was given on paper this year',
        body: Type.Object(
          {
            series: Series,
            number: Type.Integer({ minimum: 1, maximum: 999_999 }),
            key: Key,
          },
          closed,
        ),
        response: done,
      },
      config: { mayCall: keepers },
    },
    async (request) => {
      letters.setLastNumber({ ...request.body, actor: personOf(request).actor })
      changed()
      return {}
    },
  )

  app.post(
    '/api/letters/confirm-numbers',
    {
      schema: {
        summary: 'After a restore: the last number of each row as the book has it; numbers go on behind them',
        body: Type.Object(
          {
            last: Type.Array(Type.Tuple([Series, Type.Integer({ minimum: 0, maximum: 999_999 })]), { maxItems: 500 }),
            key: Key,
          },
          closed,
        ),
        response: done,
      },
      config: { mayCall: keepers },
    },
    async (request) => {
      letters.confirmNumbers({ ...request.body, actor: personOf(request).actor })
      changed()
      return {}
    },
  )

  app.get(
    '/api/letters/check.html',
    {
      schema: { summary: 'A page that a phone keeps: it checks letters by itself, by the list of today' },
      config: { mayCall: ['anyone'], spends: 'look' },
    },
    async (_request, reply) =>
      reply
        .type('text/html; charset=utf-8')
        .header('content-disposition', `attachment; filename="${keptCheckName}"`)
        .send(fillKeptCheck(letters.keptList())),
  )

  app.post(
    '/api/letters/check',
    {
      schema: {
        summary: 'What the code of a letter is worth, without a line; `name`: as it stands on the paper, or empty',
        body: Type.Object({ code: Type.String({ maxLength: 1_000 }), name: Type.String({ maxLength: 100 }) }, closed),
        response: { 200: CheckedLetter, ...refused },
      },
      config: { mayCall: ['anyone'], spends: 'step' },
    },
    async ({ body: { code, name } }) => letters.check(code, name),
  )
}
