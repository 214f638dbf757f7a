import { Type } from 'typebox'
import { Id, Key } from '../base/schemas.ts'
import type { Store } from '../base/store/store.ts'
import { staff } from '../base/web/callers.ts'
import type { Live } from '../base/web/live.ts'
import { type App, Problem } from '../base/web/server.ts'
import type { OfficeRoom } from '../office/office.ts'
import type { Queue } from './queue.ts'

const LastNumber = Type.Integer({ minimum: 0, maximum: 999 })

const HeldNumbers = Type.Object({
  held: Type.Boolean({
    description: 'No number is given before somebody says the last ones, or the regency was heard',
  }),
  services: Type.Array(
    Type.Object({ service: Type.String(), prefix: Type.String(), name: Type.String(), last: LastNumber }),
  ),
})

const Confirm = Type.Object(
  { last: Type.Array(Type.Tuple([Id, LastNumber]), { maxItems: 60 }), key: Key },
  { additionalProperties: false },
)

type Parts = { together: Store['writeTogether']; office: OfficeRoom; queue: Queue; live: Live }

/** After a restore: which numbers the box knows, and a person's word on the last that stand on paper (rule 10). */
export function numbersRoutes(app: App, { together, office, queue, live }: Parts): void {
  app.get(
    '/api/numbers',
    {
      schema: { summary: 'The last number of each service', response: { 200: HeldNumbers } },
      config: { mayCall: staff },
    },
    async () => ({
      held: queue.numbersHeld() !== null,
      services: office
        .services()
        .filter(({ open }) => open)
        .map(({ service, prefix, name }) => ({
          service,
          prefix,
          name,
          last: queue.lastNumber(queue.day() ?? '', service),
        })),
    }),
  )

  app.post(
    '/api/numbers',
    {
      schema: {
        summary: 'Say the last numbers that stand on paper',
        body: Confirm,
        response: { 204: Type.Null(), 400: Problem, 403: Problem, 404: Problem, 503: Problem },
      },
      config: { mayCall: staff },
    },
    async (request, reply) => {
      await together(() => queue.confirmNumbers({ ...request.body, actor: request.caller.actor }))
      live.changed()
      return reply.code(204).send(null)
    },
  )
}
