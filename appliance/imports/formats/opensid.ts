import { textOf } from '../files/cells.ts'
import { createFlatReader } from './flat.ts'
import type { ColumnField, Format } from './format.ts'
import { defineHeadings, findLayout } from './headings.ts'

/** The 43 columns of OpenSID's template, in its order: any subset in any order is one. */
export const opensidColumns: Readonly<Record<string, ColumnField>> = {
  ...{ alamat: 'address', dusun: 'hamlet', rw: 'rw', rt: 'rt', nama: 'name', no_kk: 'kk', nik: 'nik', sex: 'sex' },
  ...{ tempatlahir: 'birthPlace', tanggallahir: 'birthDate', agama_id: 'religion', pendidikan_kk_id: 'education' },
  ...{ pendidikan_sedang_id: 'schooling', pekerjaan_id: 'work', status_kawin: 'marital', kk_level: 'relation' },
  ...{ warganegara_id: 'citizenship', ayah_nik: 'fatherNik', nama_ayah: 'fatherName', ibu_nik: 'motherNik' },
  ...{
    nama_ibu: 'motherName',
    golongan_darah_id: 'blood',
    akta_lahir: 'birthCertificate',
    dokumen_pasport: 'passport',
  },
  ...{ tanggal_akhir_paspor: 'passportUntil', dokumen_kitas: 'kitas', akta_perkawinan: 'marriageCertificate' },
  ...{ tanggalperkawinan: 'marriageDate', akta_perceraian: 'divorceCertificate', tanggalperceraian: 'divorceDate' },
  ...{ cacat_id: 'disability', cara_kb_id: 'contraception', hamil: 'pregnant', ktp_el: 'ktpEl' },
  ...{ status_rekam: 'recording', alamat_sekarang: 'currentAddress', status_dasar: 'status', suku: 'ethnicity' },
  ...{
    tag_id_card: 'tag',
    id_asuransi: 'insurance',
    no_asuransi: 'insuranceNumber',
    lat: 'latitude',
    lng: 'longitude',
  },
}

/** Names that no other file has. */
const own = [
  ...['no_kk', 'tempatlahir', 'tanggallahir', 'agama_id', 'pendidikan_kk_id', 'pendidikan_sedang_id', 'pekerjaan_id'],
  ...['kk_level', 'warganegara_id', 'ayah_nik', 'ibu_nik', 'golongan_darah_id', 'dokumen_pasport', 'cacat_id'],
  ...['cara_kb_id', 'status_dasar', 'tag_id_card', 'id_asuransi', 'alamat_sekarang', 'tanggalperkawinan'],
]
const known = defineHeadings(Object.fromEntries(Object.entries(opensidColumns).map(([name, field]) => [field, [name]])))

export const opensid: Format = {
  name: 'opensid',
  recognise(head) {
    const layout = findLayout(head, known)
    const names = head.find(({ row }) => row === layout?.headingRow)?.cells.map((cell) => textOf(cell).toLowerCase())
    const isOwn = names?.some((name) => own.includes(name)) && !names.includes('nomor_nik')
    return isOwn ? layout : null
  },
  createReader: createFlatReader,
}
