import { isEmpty, type SheetRow, textOf } from '../files/cells.ts'
import { type FamilyPlace, readFamilyPlace } from './addresses.ts'
import type { Column, Format, FormatName, Found, Layout, RowReader } from './format.ts'
import { defineHeadings, findLayout, type Headings, headingsOf, isColumnNumbers, squeezeHeading } from './headings.ts'

/*
 * Buku Induk Penduduk, the register of families that Dukcapil hands out: rows of a family, each with its members below, in
 * four layouts, each after the samples and the reader of OpenSID (Bip*_model.php of 24.10). A member is a row with a number
 * in front; everything else is of a family, of the page or of those who sign.
 */

/** What the rows of a family say of each of its members. */
type Family = { kk: string; place: FamilyPlace; columns: { kk: string; place: string } }

/** What a layout calls things. `readFamily`: a family that begins with this row, `null` for another row. */
type Bip = {
  name: FormatName
  known: Headings
  isIt(names: ReadonlySet<string>, title: string): boolean
  createFamilies(): (row: SheetRow) => Family | null
}

const members = {
  ...{ sex: ['JK'], religion: ['AGAMA'], education: ['PENDIDIKAN', 'Pendidikan Terakhir'], work: ['PEKERJAAN'] },
  nik: ['NIK'],
} as const

const bip2012: Bip = {
  name: 'bip-2012',
  known: defineHeadings({
    ...{ ...members, name: ['NAMA'], birthPlace: ['TMPT LHR'], birthDate: ['TGL LHR'], recording: ['KTPEL'] },
    ...{ marital: ['STATUS'], relation: ['HUB. KEL'], motherName: ['NAMA IBU'], fatherName: ['NAMA AYAH'] },
    birthCertificate: ['NO.AKTE LAHIR'],
  }),
  isIt: (names) => names.has('tmptlhr') && names.has('hubkel') && names.has('noaktelahir'),
  createFamilies() {
    let isNext = false
    return (row) => {
      const words = textsOf(row)
      const wasNext = isNext
      isNext = squeezeHeading(words[0] ?? '') === 'nokk'
      if (!wasNext || !/^\d[\d ]*$/.test(words[0] ?? '')) return null
      return familyOf(words[0] ?? '', words.slice(2).join(', '), 'NO.KK', 'ALAMAT')
    }
  },
}

const bip2016: Bip = {
  name: 'bip-2016',
  known: defineHeadings({
    ...{ ...members, name: ['Nama Lengkap'], birthPlace: ['Tempat Lahir'], birthDate: ['Tgl/Bln/Th'] },
    ...{ relation: ['SHDK'], education: ['Pendidikan', 'Terakhir'], motherName: ['Ibu'], fatherName: ['Ayah'] },
  }),
  isIt: (names, title) => /BUKU INDUK PENDUDUK/i.test(title) && names.has('shdk') && names.has('tglblnth'),
  createFamilies: () => (row) => {
    const [first = '', ...others] = textsOf(row)
    const [, kk] = /^No\.?\s*KK\s*:\s*(.*)$/i.exec(first) ?? []
    return kk === undefined ? null : familyOf(kk, others.join(', '), 'No. KK', 'Alamat')
  },
}

const bipLuwuTimur: Bip = {
  name: 'bip-luwu-timur',
  known: defineHeadings({
    ...{ ...members, name: ['NAMA'], birthPlace: ['TMPT LHR'], birthDate: ['TGL LHR'], blood: ['G.DRH'] },
    ...{ marital: ['STATUS'], relation: ['HUB.KEL'], motherName: ['NAMA IBU'], fatherName: ['NAMA AYAH'] },
  }),
  isIt: (names) => names.has('tmptlhr') && names.has('hubkel') && names.has('gdrh'),
  // A page a family, whose head stands in four rows.
  createFamilies() {
    let said = { kk: '', address: '', rtRw: '' }
    return (row) => {
      const words = textsOf(row)
      const after = (label: RegExp) => {
        const at = words.findIndex((word) => label.test(word))
        return at < 0 ? null : (words[at + 1] ?? '')
      }
      const kk = after(/^NO\.?\s*KK\s*:?$/i)
      if (kk !== null) said = { kk, address: '', rtRw: '' }
      const [address, rtRw] = [after(/^ALAMAT\s*:?$/i), after(/^NO\.?\s*RT\/RW\s*:?$/i)]
      said = { ...said, address: address ?? said.address, rtRw: rtRw ?? said.rtRw }
      if (kk === null && address === null && rtRw === null) return null
      return familyOf(said.kk, `${said.address}, RT/RW : ${said.rtRw || '-/-'}`, 'NO. KK', 'ALAMAT')
    }
  },
}

const bipEktp: Bip = {
  name: 'bip-ektp',
  known: defineHeadings({
    ...{ ...members, name: ['Nama Lengkap'], birthPlace: ['Tempat Lahir'], birthDate: ['Tgl/Bln/Th'] },
    ...{ marital: ['Stat Kwn'], blood: ['Gol. Drh'], relation: ['SHDK'], birthCertificate: ['No Akta Lahir'] },
    ...{ motherName: ['Nama Ibu'], fatherName: ['Nama Ayah'], ktpEl: ['KTP-eL'], recording: ['Stat Rkm'] },
  }),
  isIt: (names) => names.has('wjbktp') && names.has('ktpel'),
  createFamilies: () => (row) => {
    const [first = '', ...others] = textsOf(row)
    const isFamily = /^\d[\d ]{14,}$/.test(first) && isEmpty(row.cells[1] ?? null)
    return isFamily
      ? familyOf(first, others.find((word) => /RT\s*\/\s*RW|DUSUN/i.test(word)) ?? '', 'No. KK', 'Alamat')
      : null
  },
}

export const bips: readonly Format[] = [bipEktp, bip2016, bipLuwuTimur, bip2012].map((bip) => ({
  name: bip.name,
  recognise(head) {
    const layout = findLayout(head, bip.known, 5)
    const title = head.slice(0, 3).flatMap(textsOf).join(' ')
    return layout && bip.isIt(headingsOf(layout), title) ? layout : null
  },
  createReader: (layout) => createGroupedReader(layout, bip.createFamilies()),
}))

function createGroupedReader({ columns }: Layout, readFamily: ReturnType<Bip['createFamilies']>): RowReader {
  const used = columns.flatMap(({ index, heading, field }) =>
    field && field !== 'marks' ? [{ index, column: heading, field }] : [],
  )
  const keys = used.filter(({ field }) => field === 'nik' || field === 'name')
  let family: Family | null = null
  return (row) => {
    const next = readFamily(row)
    if (next) {
      family = next
      return null
    }
    if (!isMember(row, columns, keys) || isColumnNumbers(row.cells)) return null
    const own = used.flatMap(({ index, column, field }): Found[] => {
      const cell = row.cells[index] ?? null
      return isEmpty(cell) ? [] : [{ field, column, cell }]
    })
    return { found: [...own, ...ofFamily(family)], marks: [] }
  }
}

/** A number in the first column, and a NIK or a name. */
function isMember(row: SheetRow, columns: readonly Column[], keys: readonly { index: number }[]): boolean {
  const first = columns[0] ? textOf(row.cells[columns[0].index] ?? null) : ''
  return /^\d{1,6}\.?$/.test(first) && keys.some(({ index }) => !isEmpty(row.cells[index] ?? null))
}

function ofFamily(family: Family | null): Found[] {
  if (!family) return []
  const { kk, place, columns } = family
  const all: Found[] = [
    { field: 'kk', column: columns.kk, cell: kk },
    { field: 'address', column: columns.place, cell: place.address },
    { field: 'hamlet', column: columns.place, cell: place.hamlet },
    { field: 'rt', column: columns.place, cell: place.rt },
    { field: 'rw', column: columns.place, cell: place.rw },
  ]
  return all.filter(({ cell }) => !isEmpty(cell))
}

const familyOf = (kk: string, place: string, kkColumn: string, placeColumn: string): Family => ({
  ...{ kk, place: readFamilyPlace(place), columns: { kk: kkColumn, place: placeColumn } },
})

const textsOf = (row: SheetRow): string[] => row.cells.map(textOf).filter((text) => text !== '')
