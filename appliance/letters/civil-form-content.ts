import { civilEvents } from './civil-form-events.ts'
import { type FormContent, type FormParts, type FormSection, headOf } from './civil-form-parts.ts'
import { registrations } from './civil-form-registrations.ts'
import { type CivilFormCode, civilForms } from './civil-forms.ts'
import { longDate, splitName } from './values.ts'

const filled: Record<CivilFormCode, (parts: FormParts) => FormSection[]> = { ...registrations, ...civilEvents }

/** Fills a form in. What is not known stays empty, for a pen. */
export function fillForm(parts: FormParts): FormContent {
  const { code, issuer, village, day } = parts
  const { number, title } = civilForms[code]
  const { kind, place } = splitName(issuer.name)
  const area: FormSection = {
    heading: 'Wilayah',
    rows: [
      ['Kabupaten/kota', issuer.regency ?? ''],
      ['Kecamatan', issuer.district],
      [kind === 'Kelurahan' ? 'Kelurahan' : 'Desa', `${place} (${village})`],
    ],
  }
  return {
    ...{ number, title, landscape: code === 'f-1-01' },
    sections: [area, ...filled[code](parts)],
    signatures: [
      { above: 'Petugas pendaftaran', name: '' },
      { above: signsAs[code], name: signerOf(parts) },
    ],
    place: `${place}, ${longDate(day)}`,
  }
}

const signsAs: Record<CivilFormCode, string> = {
  'f-1-01': 'Kepala keluarga',
  'f-1-02': 'Pemohon',
  'f-1-03': 'Pemohon',
  'f-1-06': 'Yang membuat pernyataan',
  'f-2-01-lahir': 'Pelapor',
  'f-2-01-mati': 'Pelapor',
}

function signerOf({ code, person, family, typed }: FormParts): string {
  if (code === 'f-1-01') return headOf([person, ...family])?.name ?? ''
  if (code === 'f-2-01-lahir') return typed.pelapor_nama || person.name
  return code === 'f-2-01-mati' ? (typed.pelapor_nama ?? '') : person.name
}
