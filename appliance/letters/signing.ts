import type { Signatory } from './settings.ts'
import { headTitle } from './values.ts'

/** Whether somebody may sign on that day. */
export const signsOn = ({ from, until }: Pick<Signatory, 'from' | 'until'>, day: string): boolean =>
  (from === null || from <= day) && (until === null || day <= until)

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
