import type { SheetRow } from '../files/cells.ts'
import { textOf } from '../files/cells.ts'
import { splitHamlet } from './addresses.ts'
import { createFlatReader } from './flat.ts'
import type { Format } from './format.ts'
import { defineHeadings, findLayout, headingsOf } from './headings.ts'

/**
 * What SIAK gives out as .xls: 37 columns, of which those on cards, registrars and entries are not kept. The hamlet stands
 * in the address: `DSN. KRAJAN`.
 */
const known = defineHeadings({
  ...{ kk: ['Nomor KK'], nik: ['NIK'], name: ['Nama Penduduk'], status: ['Status'], birthPlace: ['Tempat Lahir'] },
  ...{ birthDate: ['Tanggal Lahir'], sex: ['Kelamin'], fatherNik: ['NIK Ayah'], fatherName: ['Ayah'] },
  ...{
    motherNik: ['NIK Ibu'],
    motherName: ['Ibu'],
    marital: ['Status Kawin'],
    relation: ['SHDK'],
    religion: ['Agama'],
  },
  ...{ address: ['Alamat'], rw: ['RW'], rt: ['RT'], education: ['Pendidikan'], work: ['Pekerjaan'] },
  ...{
    blood: ['Gol. Darah'],
    disability: ['Cacat'],
    passport: ['Nomor Paspor'],
    birthCertificate: ['Nomor Akta Lahir'],
  },
  ...{ marriageCertificate: ['Nomor Akta Kawin'], marriageDate: ['Tanggal Kwn'] },
  ...{ divorceCertificate: ['Nomor Akta Cerai'], divorceDate: ['Tgl Cerai'] },
})

export const siak: Format = {
  name: 'siak',
  recognise(head) {
    const layout = findLayout(head, known)
    const names = headingsOf(layout)
    return names.has('nomorkk') &&
      ['petugasregistrasi', 'deskripsipekerjaan', 'namapenduduk'].filter((name) => names.has(name)).length >= 2
      ? layout
      : null
  },
  createReader(layout) {
    const read = createFlatReader(layout)
    return (row: SheetRow) => {
      const person = read(row)
      if (person === null || person === 'end') return person
      const address = person.found.find(({ field }) => field === 'address')
      if (!address) return person
      const { hamlet, rest } = splitHamlet(textOf(address.cell))
      if (hamlet === '') return person
      const others = person.found.filter((one) => one !== address)
      const split = [
        { ...address, field: 'hamlet' as const, cell: hamlet },
        { ...address, cell: rest === '' ? null : rest },
      ]
      return { ...person, found: [...others, ...split] }
    }
  },
}
