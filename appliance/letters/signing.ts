import { AppError } from '../base/errors.ts'
import type { Template } from '../wire/letter-template.ts'
import type { LetterContent } from './letter-content.ts'
import type { LetterRole } from './letters.ts'
import type { Signatory } from './settings.ts'
import { fillText } from './template.ts'
import { headTitle } from './values.ts'

/** Whether somebody may sign on that day. */
export const signsOn = ({ from, until }: Pick<Signatory, 'from' | 'until'>, day: string): boolean =>
  (from === null || from <= day) && (until === null || day <= until)

/** The head, or whoever signs. Throws `letters.may-not-approve`. */
export function assertSigns({ account }: Pick<Signatory, 'account'>, { as, actor }: { as: LetterRole; actor: string }) {
  if (as !== 'head' && account !== actor)
    throw new AppError('forbidden', 'letters.may-not-approve', 'The head approves, or whoever signs it.')
}

/** As head, or acting as head: not on the head's behalf. */
export const signsAsHead = ({ form }: Pick<Signatory, 'form'>): boolean => form !== 'an' && form !== 'ub'

/** What stands below a letter: whoever signs for the office, and who signs besides. */
export function signatureOf(
  signs: Pick<Signatory, 'form' | 'title' | 'name' | 'number'>,
  office: string,
  { signing }: Pick<Template, 'signing'>,
  values: Readonly<Record<string, string>>,
): LetterContent['signature'] {
  const others = signing?.others?.map(({ title, name = '' }) => ({
    title: fillText(title, values),
    name: fillText(name, values),
  }))
  return {
    ...{ lines: signingLines(signs, office), name: signs.name, number: signs.number },
    ...(others ? { others } : {}),
  }
}

/** The lines above a signature. `office`: "Desa Tamansari". */
export function signingLines({ form, title }: Pick<Signatory, 'form' | 'title'>, office: string): string[] {
  const head = headTitle(office)
  switch (form) {
    case 'head':
      return [head]
    case 'plt':
      return [`Plt. ${head}`]
    case 'plh':
      return [`Plh. ${head}`]
    case 'an':
      return [`a.n. ${head}`, title]
    case 'ub':
      return [`a.n. ${head}`, head.startsWith('Lurah') ? 'Sekretaris Lurah' : 'Sekretaris Desa', 'u.b.', title]
  }
}

/** The same in a sentence: "Plt. Kepala Desa Tamansari", "Sekretaris Desa a.n. Kepala Desa Tamansari". */
export function signingTitle(signatory: Pick<Signatory, 'form' | 'title'>, office: string): string {
  const head = headTitle(office)
  const { form, title } = signatory
  return form === 'an' || form === 'ub' ? `${title} a.n. ${head}` : (signingLines(signatory, office)[0] ?? head)
}
