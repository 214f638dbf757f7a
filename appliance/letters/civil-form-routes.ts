import { Type } from 'typebox'
import type { PdfPress } from '../base/pdf/press.ts'
import { closed, Id, Key } from '../base/schemas.ts'
import { personOf } from '../base/web/callers.ts'
import { type App, refused } from '../base/web/server.ts'
import { CivilForms, MadeForm } from './civil-forms-view.ts'
import type { Letters } from './letters.ts'

const writers = ['clerk', 'secretary', 'head'] as const

/** Forms of civil registration, from the record of a resident. */
export function civilFormRoutes(app: App, { letters, press }: { letters: Letters; press: PdfPress }): void {
  app.get(
    '/api/letters/forms',
    {
      schema: {
        summary: 'Forms that can be filled in, and what is asked for',
        response: { 200: CivilForms, ...refused },
      },
      config: { mayCall: writers },
    },
    async () => letters.civilForms(),
  )

  app.post(
    '/api/letters/forms',
    {
      schema: {
        summary: 'Fill in a form for the resident whose record is open; kept for as long as printing takes',
        body: Type.Object(
          {
            code: Type.String({ maxLength: 20 }),
            ...{ resident: Id, key: Key },
            typed: Type.Record(Type.String({ maxLength: 31 }), Type.String({ maxLength: 1_000 })),
          },
          closed,
        ),
        response: { 200: MadeForm, ...refused },
      },
      config: { mayCall: writers },
    },
    async (request) => letters.makeForm({ ...request.body, actor: personOf(request).actor }),
  )

  app.get(
    '/api/letters/forms/:form/form.pdf',
    {
      schema: {
        summary: 'A form as it is printed, for who has filled it in',
        params: Type.Object({ form: Id }, closed),
      },
      config: { mayCall: writers },
    },
    async (request, reply) => {
      const task = { ...letters.formPaper(request.params.form, personOf(request).actor), language: 'id' }
      return reply
        .type('application/pdf')
        .header('content-disposition', 'inline; filename="formulir.pdf"')
        .send(await press.print(task))
    },
  )
}
