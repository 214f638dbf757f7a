import { Type } from 'typebox'
import { AppError } from '../../appliance/base/errors.ts'
import { type App, Problem } from '../../appliance/base/web/server.ts'
import { CertificateAnswer, CertificateRequest } from '../../appliance/wire/messages.ts'
import { villagePattern } from '../../appliance/wire/topics.ts'

/**
 * The road of a box whose certificate ended while the office was away, and which the broker no longer lets in. Anyone may
 * call it: what counts is the signature by a key that is enrolled and not revoked. It enrols nobody: a token is not taken.
 */
export function renewRoute(
  app: App,
  answer: (village: string, payload: Buffer, place: string) => Promise<CertificateAnswer | null>,
): void {
  app.post(
    '/v1/:village/renew',
    {
      schema: {
        summary: 'A box asks for certificates after its own has ended',
        params: Type.Object({ village: Type.String({ pattern: villagePattern }) }),
        body: CertificateRequest,
        response: { 200: CertificateAnswer, 400: Problem, 403: Problem, 429: Problem, 503: Problem },
      },
      config: { verbatim: true, mayCall: ['anyone'] },
    },
    async (request) => {
      const { token, ...body } = request.body
      if (token !== undefined) throw new AppError('invalid', 'hub.no-token', 'Enrolment goes by MQTT only.')
      const answered = await answer(request.params.village, Buffer.from(JSON.stringify(body)), `address ${request.ip}`)
      if (!answered) throw new AppError('unavailable', 'hub.no-answer', 'No certificate can be given now; ask again.')
      return answered
    },
  )
}
