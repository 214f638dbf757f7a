import { civilEvents } from './civil-form-events.ts'
import { type FormContent, type FormParts, type FormSection, headOf } from './civil-form-parts.ts'
import { registrations } from './civil-form-registrations.ts'
import { type CivilFormCode, civilForms, ruleOf } from './civil-forms.ts'
import { olderContents } from './older-form-content.ts'
import { numbersByDistance, olderChoices, olderForms } from './older-forms.ts'
import { headTitle, longDate, splitName } from './values.ts'

const filled: Record<CivilFormCode, (parts: FormParts) => FormSection[]> = {
  ...registrations,
  ...civilEvents,
  ...olderContents,
}

/** Fills a form in. What is not known stays empty, for a pen. */
export function fillForm(parts: FormParts): FormContent {
  const { code, issuer, village, day } = parts
  const { kind, place } = splitName(issuer.name)
  const area: FormSection = {
    heading: 'Wilayah',
    rows: [
      ['Kabupaten/kota', issuer.regency ?? ''],
      ['Kecamatan', issuer.district],
      [kind === 'Kelurahan' ? 'Kelurahan' : 'Desa', `${place} (${village})`],
    ],
  }
  const number = numberOf(parts)
  return {
    ...{ number, title: civilForms[code].title, rule: ruleOf(code), landscape: code === 'f-1-01' },
    // Most of the older ones say it where they say whence.
    sections: [...(code in olderForms && code !== 'f-2-12' ? [] : [area]), ...filled[code](parts)],
    signatures: [
      ...officesFor(number, issuer).map((above) => ({ above, name: '' })),
      { above: signsAs[code] ?? 'Pemohon', name: signerOf(parts) },
    ],
    place: `${place}, ${longDate(day)}`,
  }
}

/** Some bear another number for another distance. */
function numberOf({ code, typed }: FormParts): string {
  const distances: readonly string[] = olderChoices.distances
  const at = distances.indexOf(typed.klasifikasi ?? '')
  return numbersByDistance[code]?.[at] ?? civilForms[code].number
}

/** Who signs besides whoever asks. */
function officesFor(number: string, issuer: FormParts['issuer']): string[] {
  const head = headTitle(issuer.name)
  const camat = `Camat ${issuer.district}`
  if (['F-1.08', 'F-1.15', 'F-1.16', 'F-1.23', 'F-1.25', 'F-1.29', 'F-1.34'].includes(number)) return [camat, head]
  if (number === 'F-1.31') return ['Petugas registrasi', head]
  if (number === 'F-1.39') return ['Petugas registrasi', camat]
  return [number === 'F-1.27' ? 'Petugas registrasi' : 'Petugas pendaftaran']
}

const signsAs: Partial<Record<CivilFormCode, string>> = {
  'f-1-01': 'Kepala keluarga',
  'f-1-06': 'Yang membuat pernyataan',
  'f-2-01-lahir': 'Pelapor',
  'f-2-01-mati': 'Pelapor',
}

function signerOf({ code, person, family, typed }: FormParts): string {
  if (code === 'f-1-01') return headOf([person, ...family])?.name ?? ''
  if (code === 'f-2-01-lahir') return typed.pelapor_nama || person.name
  return code === 'f-2-01-mati' ? (typed.pelapor_nama ?? '') : person.name
}
