import { Type } from 'typebox'
import { closed, Id, Key } from '../base/schemas.ts'
import { personOf } from '../base/web/callers.ts'
import type { Live } from '../base/web/live.ts'
import { type App, refused } from '../base/web/server.ts'
import type { LetterRole, Letters } from './letters.ts'
import { ElectronicSettings, ElectronicView } from './views.ts'

const writers = ['clerk', 'secretary', 'head'] as const
const keepers = ['secretary', 'head'] as const
const done = { 200: Type.Object({}), ...refused }
const OfLetter = Type.Object({ letter: Id }, closed)

/** Electronic signatures: who has them, and letters that wait for one. */
export function electronicRoutes(app: App, { letters, live }: { letters: Letters; live: Live }): void {
  const changed = () => live.changed(['letters'])

  app.get(
    '/api/letters/electronic',
    {
      schema: { summary: 'Who signs electronically, by which service', response: { 200: ElectronicView, ...refused } },
      config: { mayCall: keepers },
    },
    async () => letters.electronicView(),
  )

  app.post(
    '/api/letters/electronic',
    {
      schema: {
        summary: 'Who signs electronically; whole, and an empty address for nobody',
        ...{ body: Type.Object({ settings: ElectronicSettings, key: Key }, closed), response: done },
      },
      config: { mayCall: keepers },
    },
    async (request) => {
      letters.changeElectronic({ ...request.body, actor: personOf(request).actor })
      changed()
      return {}
    },
  )

  app.post(
    '/api/letters/electronic/try',
    {
      schema: {
        summary: 'What the service says of a signatory’s certificate',
        body: Type.Object({ signatory: Id, key: Key }, closed),
        response: { 200: Type.Object({ said: Type.String() }), ...refused },
      },
      config: { mayCall: keepers },
    },
    async ({ body: { signatory } }) => ({ said: await letters.trySigner(signatory) }),
  )

  app.post(
    '/api/letters/:letter/sign',
    {
      schema: {
        summary: 'Have a letter signed; `sealed`: {"passphrase": …} as an age file to the view’s recipient, base64url',
        params: OfLetter,
        body: Type.Object({ sealed: Type.String({ pattern: '^[A-Za-z0-9_-]+$', maxLength: 4_000 }), key: Key }, closed),
        response: done,
      },
      config: { mayCall: writers },
    },
    async (request) => {
      const { actor, kind } = personOf(request)
      await letters.sign({ ...request.params, ...request.body, actor, as: kind as LetterRole })
      changed()
      return {}
    },
  )

  app.post(
    '/api/letters/:letter/sign-by-pen',
    {
      schema: {
        summary: 'A letter that waits for an electronic signature is signed on paper after all',
        ...{ params: OfLetter, body: Type.Object({ key: Key }, closed), response: done },
      },
      config: { mayCall: writers },
    },
    async (request) => {
      const { actor, kind } = personOf(request)
      letters.signByPen({ ...request.params, ...request.body, actor, as: kind as LetterRole })
      changed()
      return {}
    },
  )
}
