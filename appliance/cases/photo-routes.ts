import { Type } from 'typebox'
import { AppError } from '../base/errors.ts'
import { closed, Id, Key } from '../base/schemas.ts'
import { personOf } from '../base/web/callers.ts'
import { type App, refused } from '../base/web/server.ts'
import { openSealed } from '../wire/private-parts.ts'
import type { Cases } from './cases.ts'
import { type PhotoPhones, phoneView } from './photo-phones.ts'
import type { Photos } from './photos.ts'
import { CasePhoneView } from './views.ts'

const staff = ['clerk', 'secretary', 'head'] as const
const done = { 200: Type.Object({}), ...refused }
const OfCase = Type.Object({ case: Id }, closed)
const OfPhoto = Type.Object({ case: Id, photo: Id }, closed)
const OfLink = Type.Object({ link: Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' }) }, closed)
const Of = Type.Object(
  {
    paper: Type.Optional(
      Type.String({ minLength: 1, maxLength: 80, description: 'Of the case’s list; without it: another one' }),
    ),
    replaces: Type.Optional(Id),
    key: Key,
  },
  closed,
)
const OfPhone = Type.Object({ paper: Of.properties.paper, key: Key }, closed)
const taken = { 200: Type.Object({ photo: Id }), ...refused }

/** More than may be kept, so that what is too large is said in words. */
const mostBody = 12 * 1024 * 1024
/** What a photo may have more where it is sealed. */
const mostSealedBody = 512 * 1024

type Parts = {
  cases: Cases
  photos: Photos
  phones: PhotoPhones
  photosOf: (id: string) => readonly { paper: string | null }[]
  /** Opens what a phone has sealed to this box, and the key that it seals to. */
  secret: () => string
  recipient: () => string
  /** `http://192.168.1.5`, as phones reach the box. */
  phoneBase: () => string
  officeName: () => string
}

/** Photos of papers: from the clerk's page, and from a phone that a clerk has paired for one case. */
export function photoRoutes(
  app: App,
  { cases, photos, phones, photosOf, secret, recipient, phoneBase, officeName }: Parts,
): void {
  void app.register(async (scope: App) => {
    for (const type of ['image/jpeg', 'application/octet-stream'])
      scope.addContentTypeParser(
        type,
        { parseAs: 'buffer', bodyLimit: mostBody },
        async (_request: unknown, body: Buffer) => body,
      )
    scope.post(
      '/api/cases/:case/photos',
      {
        bodyLimit: mostBody,
        schema: {
          summary:
            'A photo of a paper as JPEG, 1,600 points and 250 KB at most; `replaces`: the one whose place it takes',
          ...{ params: OfCase, querystring: Of, response: taken },
        },
        config: { mayCall: staff, verbatim: true },
      },
      async (request) => {
        const { paper = null, replaces = null, key } = request.query
        const { actor } = personOf(request)
        return { photo: photos.take({ ...request.params, paper, replaces, bytes: readBody(request.body), actor, key }) }
      },
    )

    scope.post(
      '/api/case-phone/:link',
      {
        bodyLimit: mostSealedBody,
        schema: {
          summary:
            'A photo from a phone that was paired for this case: an age file, sealed to the key that the view names',
          ...{ params: OfLink, querystring: OfPhone, response: taken },
        },
        config: { mayCall: ['anyone'], spends: 'photo', verbatim: true },
      },
      async ({ params: { link }, query: { paper = null, key }, body }) => {
        const { case: id, actor } = phones.meet(link)
        const bytes = await openSealed(readBody(body), secret())
        if (!bytes) throw new AppError('invalid', 'case-phone.sealed', 'It is not sealed to this box.')
        return { photo: photos.take({ case: id, paper, replaces: null, bytes, byPhone: true, actor, key }) }
      },
    )
  })

  app.get(
    '/api/cases/:case/photos/:photo',
    {
      schema: { summary: 'A photo, as JPEG; that it was opened is written down', params: OfPhoto },
      config: { mayCall: staff },
    },
    async (request, reply) =>
      reply.type('image/jpeg').send(photos.open({ ...request.params, actor: personOf(request).actor })),
  )

  app.post(
    '/api/cases/:case/photos/:photo/remove',
    {
      schema: {
        summary: 'Take a photo away; a paper of which there is no other one lacks again',
        ...{ params: OfPhoto, body: Type.Object({ key: Key }, closed), response: done },
      },
      config: { mayCall: staff },
    },
    async (request) => {
      photos.remove({ ...request.params, ...request.body, actor: personOf(request).actor })
      return {}
    },
  )

  app.post(
    '/api/cases/:case/phone',
    {
      schema: {
        summary: 'Let a phone take photos for this case: its link, for a quarter of an hour',
        params: OfCase,
        body: Type.Object({ key: Key }, closed),
        response: { 200: Type.Object({ address: Type.String(), until: Type.Integer() }), ...refused },
      },
      config: { mayCall: staff },
    },
    async (request) => {
      const { case: id } = request.params
      cases.photoSide.going(id)
      const { token, until } = phones.begin({ case: id, actor: personOf(request).actor })
      return { address: `${phoneBase()}/foto/${token}`, until }
    },
  )

  app.post(
    '/api/cases/:case/phone/end',
    {
      schema: {
        summary: 'The phone takes no more photos for this case',
        ...{ params: OfCase, body: Type.Object({ key: Key }, closed), response: done },
      },
      config: { mayCall: staff },
    },
    async ({ params }) => {
      phones.end(params.case)
      return {}
    },
  )

  app.get(
    '/api/case-phone/:link',
    {
      schema: {
        summary: 'What a paired phone takes photos of; nobody is named',
        params: OfLink,
        response: { 200: CasePhoneView, ...refused },
      },
      config: { mayCall: ['anyone'], spends: 'look' },
    },
    async ({ params: { link } }) => ({
      office: officeName(),
      recipient: recipient(),
      ...phoneView(phones.meet(link), { ...cases.photoSide, photosOf }),
    }),
  )
}

const readBody = (body: unknown): Buffer => (Buffer.isBuffer(body) ? body : Buffer.alloc(0))
