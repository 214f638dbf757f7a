import type { Person } from '../residents/person.ts'
import type { Template } from '../wire/letter-template.ts'
import { fillTemplate } from './content.ts'
import type { LetterPaper } from './letter-paper.ts'
import type { LetterRoom } from './letters.ts'
import { parseNumberFormat, writeNumber } from './number-format.ts'
import { signatureOf, signingTitle, signsAsHead } from './signing.ts'
import { letterValues, personValues } from './values.ts'

/* A letter for an example, about nobody: so that whoever writes a template sees what a citizen gets. */

const nobody: Person = {
  ...{ name: 'CONTOH NAMA', nik: '0000000000000000', kk: '0000000000000000', sex: 2, birthPlace: 'BANYUWANGI' },
  ...{ birthDate: '1980-07-01', address: 'JL. CONTOH 3', hamlet: 'KRAJAN', rt: '002', rw: '001', religion: 1, work: 2 },
  ...{ marital: 2, citizenship: 1, education: 5, relation: 3, blood: 1, fatherName: 'NAMA AYAH' },
  ...{ fatherNik: '0000000000000000', motherName: 'NAMA IBU', motherNik: '0000000000000000' },
  currentAddress: 'JL. TEMPAT TINGGAL 5',
}
const members: Person[] = ['ANAK PERTAMA', 'ANAK KEDUA'].map((name, index) => ({
  ...{ ...nobody, name, sex: index + 1, birthDate: `201${index}-03-04`, relation: 4, marital: 1, work: 3 },
}))

/** What somebody would type. */
const typedSample = { day: '2026-11-01', number: '3', money: '1500000', family: '' } as const

/** Filled in for nobody, on today's date, with the number that comes first. */
export function samplePaper(
  {
    issuer,
    settings,
    signatories,
    today,
    armsOnPaper,
  }: Pick<LetterRoom, 'issuer' | 'settings' | 'signatories' | 'today' | 'armsOnPaper'>,
  template: Template,
): LetterPaper {
  const day = today()
  const { paper, address, format, villageMark, classification } = settings()
  const able = signatories().filter((one) => !template.signing?.headOnly || signsAsHead(one))
  const signs = able[0] ?? { form: 'head' as const, title: '', name: '................', number: '' }
  const typed = Object.fromEntries(
    template.fields.map(({ name, label, kind, options = [] }) => {
      if (kind === 'choice') return [name, options[0] ?? '']
      return [name, kind === 'text' || kind === 'long' ? `(${label.toLowerCase()})` : typedSample[kind]]
    }),
  )
  const family = template.fields.some(({ kind }) => kind === 'family') ? members : []
  const values = letterValues({
    ...{ person: nobody, typed, issuer, day, fields: template.fields, family, validDays: template.validDays },
    signer: { title: signingTitle(signs, issuer.name), name: signs.name },
  })
  return {
    content: {
      ...fillTemplate(
        template,
        values,
        family.map((one) => personValues(one, day)),
      ),
      on: day,
      signature: signatureOf(signs, issuer.name, template, values),
    },
    ...{ issuer, address, paper: template.paper ?? paper, arms: armsOnPaper(), code: null, mark: 'draft' },
    written: writeNumber(parseNumberFormat(format, { perCode: false }), {
      ...{ number: 1, classification: template.classification[classification], villageMark, day },
    }),
  }
}
