import { Type } from 'typebox'
import { AppError } from '../base/errors.ts'
import type { PdfPress } from '../base/pdf/press.ts'
import { closed, Id, Key } from '../base/schemas.ts'
import { personOf } from '../base/web/callers.ts'
import type { Live } from '../base/web/live.ts'
import { liveRoute } from '../base/web/live-route.ts'
import type { Office } from '../base/web/office-view.ts'
import { type App, refused } from '../base/web/server.ts'
import type { LetterTask } from '../letters/letter-paper.ts'
import type { Claims } from './claims.ts'
import type { SlipTask } from './slip-paper.ts'

const writers = ['clerk', 'secretary', 'head'] as const
const done = { 200: Type.Object({}), ...refused }
const OfLetter = Type.Object({ letter: Id }, closed)
const OfClaim = Type.Object({ claim: Id }, closed)

type Parts = { claims: Claims; press: PdfPress; live: Live; office: () => Office }

/** Codes of this office's letters, and letters of other villages that are collected here. */
export function claimRoutes(app: App, { claims, press, live, office }: Parts): void {
  const changed = () => live.changed(['claims', 'letters'])

  liveRoute(app, live, 'claims', { mayCall: writers }, () => ({ name: 'claims', compute: claims.view }))

  app.post(
    '/api/letters/:letter/claim',
    {
      schema: {
        summary: 'The code by which a letter is collected; `anew`: another one, as when the first is locked',
        params: OfLetter,
        body: Type.Object({ anew: Type.Optional(Type.Boolean()), key: Key }, closed),
        response: { 200: Type.Object({ code: Type.String() }), ...refused },
      },
      config: { mayCall: writers },
    },
    async (request) => {
      const { actor, kind } = personOf(request)
      const { anew = false, key } = request.body
      if (anew && kind === 'clerk')
        throw new AppError('forbidden', 'claims.may-not', 'Secretary or head give another code.')
      const code = await claims.giveCode({ ...request.params, anew, key, actor })
      changed()
      return { code }
    },
  )

  app.get(
    '/api/letters/:letter/claim.pdf',
    {
      schema: { summary: 'The code of a letter as a slip of paper', params: OfLetter },
      config: { mayCall: writers },
    },
    async (request, reply) => {
      const task: SlipTask & { language: string } = {
        ...{ slip: claims.slip(request.params.letter), office: office().name, language: 'id' },
      }
      return reply
        .type('application/pdf')
        .header('content-disposition', 'inline; filename="kode-ambil.pdf"')
        .send(await press.print(task))
    },
  )

  app.post(
    '/api/claims',
    {
      schema: {
        summary: 'Ask the village that a code names for its letter',
        body: Type.Object(
          { code: Type.String({ maxLength: 40 }), birthDate: Type.String({ maxLength: 10 }), key: Key },
          closed,
        ),
        response: { 200: Type.Object({ claim: Id }), ...refused },
      },
      config: { mayCall: writers },
    },
    async (request) => {
      const claim = await claims.ask({ ...request.body, actor: personOf(request).actor })
      changed()
      return { claim }
    },
  )

  app.get(
    '/api/claims/:claim/letter.pdf',
    {
      schema: { summary: 'The letter of another village, as that village would print it', params: OfClaim },
      config: { mayCall: writers },
    },
    async (request, reply) => {
      const task: LetterTask & { language: string } = { letter: claims.paper(request.params.claim), language: 'id' }
      return reply
        .type('application/pdf')
        .header('content-disposition', 'inline; filename="surat.pdf"')
        .send(await press.print(task))
    },
  )

  app.post(
    '/api/claims/:claim/handed',
    {
      schema: {
        summary: 'The citizen has the letter of another village',
        ...{ params: OfClaim, body: Type.Object({ key: Key }, closed), response: done },
      },
      config: { mayCall: writers },
    },
    async (request) => {
      claims.handOut({ ...request.params, ...request.body, actor: personOf(request).actor })
      changed()
      return {}
    },
  )
}
