import { textOf } from '../files/cells.ts'
import { createFlatReader } from './flat.ts'
import type { Format } from './format.ts'
import { defineHeadings, findLayout } from './headings.ts'

/** What OpenSID sends to the district's OpenDK: 42 columns, of which six are OpenDK's own. */
const known = defineHeadings({
  ...{ address: ['alamat'], hamlet: ['dusun'], rw: ['rw'], rt: ['rt'], name: ['nama'], kk: ['nomor_kk'] },
  ...{ nik: ['nomor_nik'], sex: ['jenis_kelamin'], birthPlace: ['tempat_lahir'], birthDate: ['tanggal_lahir'] },
  ...{ religion: ['agama'], education: ['pendidikan_dlm_kk'], schooling: ['pendidikan_sdg_ditempuh'] },
  ...{ work: ['pekerjaan'], marital: ['kawin'], relation: ['hubungan_keluarga'], citizenship: ['kewarganegaraan'] },
  ...{ fatherName: ['nama_ayah'], motherName: ['nama_ibu'], blood: ['gol_darah'], birthCertificate: ['akta_lahir'] },
  ...{ passport: ['nomor_dokumen_pasport'], passportUntil: ['tanggal_akhir_pasport'] },
  ...{ kitas: ['nomor_dokumen_kitas'], fatherNik: ['nik_ayah'], motherNik: ['nik_ibu'] },
  ...{ marriageCertificate: ['nomor_akta_perkawinan'], marriageDate: ['tanggal_perkawinan'] },
  ...{ divorceCertificate: ['nomor_akta_perceraian'], divorceDate: ['tanggal_perceraian'], disability: ['cacat'] },
  ...{ contraception: ['cara_kb'], pregnant: ['hamil'], ktpEl: ['ktp_el'], recording: ['status_rekam'] },
  ...{ currentAddress: ['alamat_sekarang'], status: ['status_dasar'] },
})

export const opendk: Format = {
  name: 'opendk',
  recognise(head) {
    const layout = findLayout(head, known)
    const names = head.find(({ row }) => row === layout?.headingRow)?.cells.map((cell) => textOf(cell).toLowerCase())
    return names?.includes('nomor_nik') ? layout : null
  },
  createReader: createFlatReader,
}
